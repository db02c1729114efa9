import type { Clock, Closeable } from '@gantry/base';
import type { Container, Probe } from '@gantry/api';
import type { ProbeVerdicts } from '../observed';
import type { CheckTarget, ProbeCheck } from './probe-checks';
import { countResult, settled, type ProbeRun } from './probe-counter';

export interface ContainerProberOptions {
  target: CheckTarget;
  /** When the container started, in milliseconds since the epoch: initial delays count from there. */
  startedAt: number;
  /** What is known already of an adopted container, so that taking over is no gap. */
  adopted?: Pick<ProbeVerdicts, 'started' | 'ready'>;
  check: ProbeCheck;
  clock: Clock;
  onChange(): void;
  onFailure(kind: ProbeKind, output: string): void;
}

export type ProbeKind = 'Startup' | 'Liveness' | 'Readiness';

/**
 * Probes one running container until it is closed or found dead. The startup probe goes first and alone;
 * once it has succeeded, liveness and readiness are asked in their own rhythm.
 */
export class ContainerProber implements Closeable {
  verdicts: ProbeVerdicts;
  private readonly timers = new Map<ProbeKind, Closeable>();
  private closed = false;

  constructor(private readonly options: ContainerProberOptions) {
    const { startupProbe, readinessProbe } = this.container;
    const { adopted } = options;
    this.verdicts = {
      started: adopted?.started ?? startupProbe === undefined,
      ready: adopted?.ready ?? readinessProbe === undefined,
      alive: true,
    };
    if (startupProbe && !this.verdicts.started) this.begin('Startup', startupProbe);
    else this.beginSteady();
  }

  /** Whether a container has anything to probe. */
  static probes({ startupProbe, livenessProbe, readinessProbe }: Container): boolean {
    return [startupProbe, livenessProbe, readinessProbe].some((probe) => probe !== undefined);
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers.values()) void timer.close();
    this.timers.clear();
  }

  private get container(): Container {
    return this.options.target.container;
  }

  private beginSteady(): void {
    const { livenessProbe, readinessProbe } = this.container;
    if (livenessProbe) this.begin('Liveness', livenessProbe);
    if (readinessProbe) this.begin('Readiness', readinessProbe);
  }

  private begin(kind: ProbeKind, probe: Probe): void {
    const due = this.options.startedAt + (probe.initialDelaySeconds ?? 0) * 1000;
    this.schedule(kind, probe, Math.max(0, due - this.options.clock.now()), { length: 0 });
  }

  private schedule(kind: ProbeKind, probe: Probe, delayMs: number, run: ProbeRun): void {
    const timer = this.options.clock.after(delayMs, () => void this.ask(kind, probe, run));
    this.timers.set(kind, timer);
  }

  private async ask(kind: ProbeKind, probe: Probe, before: ProbeRun): Promise<void> {
    const began = this.options.clock.monotonic();
    const { success, output } = await this.options.check(probe, this.options.target);
    if (this.closed) return;
    if (!success) this.options.onFailure(kind, output);
    const run = countResult(before, success);
    this.conclude(kind, settled(run, probe));
    const over = this.closed || (kind === 'Startup' && this.verdicts.started);
    if (over) return;
    const took = this.options.clock.monotonic() - began;
    this.schedule(kind, probe, Math.max(0, (probe.periodSeconds ?? 10) * 1000 - took), run);
  }

  private conclude(kind: ProbeKind, verdict: boolean | undefined): void {
    if (verdict === undefined) return;
    const before = this.verdicts;
    if (kind === 'Readiness') this.verdicts = { ...before, ready: verdict };
    else if (!verdict) this.verdicts = { ...before, alive: false };
    else if (kind === 'Startup') this.verdicts = { ...before, started: true };
    if (kind === 'Startup' && verdict) this.beginSteady();
    // The container is about to be stopped; asking on would only add to its events.
    if (!this.verdicts.alive) this.close();
    if (changed(before, this.verdicts)) this.options.onChange();
  }
}

const changed = (a: ProbeVerdicts, b: ProbeVerdicts): boolean =>
  a.started !== b.started || a.ready !== b.ready || a.alive !== b.alive;
