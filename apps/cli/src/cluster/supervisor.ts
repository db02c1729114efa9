import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { backoffDelay, errorMessage, type Clock, type Closeable } from '@gantry/base';
import {
  identify,
  isAlive,
  readPidFile,
  removePidFile,
  signal,
  until,
  writePidFile,
  type ProcessId,
} from '@gantry/hosts';
import { components, type Component } from './components';
import type { Layout } from './layout';

const RESTART = { initial: 200, max: 10_000 };
// A component that ran this long has recovered: its next failure is a first one.
const STABLE_MS = 30_000;
const LOOK_EVERY_MS = 500;

interface Charge {
  process?: ProcessId;
  startedAt: number;
  failures: number;
  notBefore: number;
}

/**
 * Keeps every component's process running. Level-triggered: each look compares the processes that should be with those
 * that are, by pid file, so a supervisor that was itself killed adopts what runs when it is started again.
 */
export class Supervisor implements Closeable {
  private readonly charges = new Map<string, Charge>();
  private looking = Promise.resolve();
  private timer?: Closeable;
  private closed = false;

  constructor(
    private readonly readLayout: () => Promise<Layout>,
    private readonly clock: Clock,
    private readonly log: (line: string) => void,
  ) {}

  /** Looks now, and again every half second until closed. */
  look(): void {
    void this.timer?.close();
    this.looking = this.looking
      .then(() => this.lookOnce())
      .catch((error: unknown) => {
        this.log(errorMessage(error));
      });
    void this.looking.then(() => {
      if (!this.closed)
        this.timer = this.clock.after(LOOK_EVERY_MS, () => {
          this.look();
        });
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    void this.timer?.close();
    await this.looking;
  }

  private async lookOnce(): Promise<void> {
    if (this.closed) return;
    const layout = await this.readLayout();
    const wanted = components(layout);
    await Promise.all(wanted.map((component) => this.keep(layout, component)));
    for (const name of this.charges.keys()) {
      if (wanted.some((component) => component.name === name)) continue;
      await stopComponent(layout, name);
      this.charges.delete(name);
    }
  }

  private async keep(layout: Layout, component: Component): Promise<void> {
    const charge = this.charges.get(component.name) ?? { startedAt: 0, failures: 0, notBefore: 0 };
    this.charges.set(component.name, charge);
    charge.process ??= await readPidFile(layout.pidFile(component.name));
    if (charge.process && isAlive(charge.process)) return;
    const now = this.clock.monotonic();
    if (charge.process) this.noteEnd(component, charge, now);
    if (now < charge.notBefore) return;
    const command = await component.command();
    if (!command) return;
    charge.process = await start(layout, component, command);
    charge.startedAt = now;
    this.log(`started ${component.name} (pid ${charge.process.pid})`);
  }

  private noteEnd(component: Component, charge: Charge, now: number): void {
    charge.failures = now - charge.startedAt > STABLE_MS ? 1 : charge.failures + 1;
    charge.notBefore = now + backoffDelay(RESTART, charge.failures);
    charge.process = undefined;
    this.log(`${component.name} has ended; starting it again`);
  }
}

async function start(layout: Layout, component: Component, command: string[]): Promise<ProcessId> {
  const path = layout.logFile(component.name);
  await mkdir(dirname(path), { recursive: true });
  if (component.cwd) await mkdir(component.cwd, { recursive: true, mode: 0o700 });
  const log = await open(path, 'a');
  const [program, ...args] = command;
  const child = spawn(program!, args, { cwd: component.cwd ?? '/', detached: true, stdio: ['ignore', log.fd, log.fd] });
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
  await log.close();
  const process = identify(child.pid!);
  if (!process) throw new Error(`${component.name} ended at once; see ${path}`);
  await writePidFile(layout.pidFile(component.name), process);
  return process;
}

/** Ends a component's process: asked first, forced after ten seconds. */
export async function stopComponent(layout: Layout, name: string): Promise<void> {
  const process = await readPidFile(layout.pidFile(name));
  if (process) {
    signal(process, 'SIGTERM', { group: true });
    await until(`${name} to end`, 10_000, () => !isAlive(process)).catch(() => {
      signal(process, 'SIGKILL', { group: true });
    });
    await until(`${name} to end`, 10_000, () => !isAlive(process));
  }
  await removePidFile(layout.pidFile(name));
}
