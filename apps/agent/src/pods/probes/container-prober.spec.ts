import type { Container } from '@gantry/api';
import { FakeClock } from '@gantry/testing';
import { ContainerProber, type ProbeKind } from './container-prober';

function begin(
  container: object,
  answers: Partial<Record<'startup' | 'ready' | 'live', () => boolean>>,
  adopted?: object,
) {
  const clock = new FakeClock();
  const failures: ProbeKind[] = [];
  const asked = { startup: 0, ready: 0, live: 0 };
  const prober = new ContainerProber({
    target: { container: container as Container, containerId: 'c', podIp: '10.0.0.1' },
    startedAt: clock.now(),
    adopted: adopted as never,
    clock,
    check: (probe) => {
      const kind = probe.exec!.command![0] as keyof typeof asked;
      asked[kind]++;
      return Promise.resolve({ success: answers[kind]!(), output: 'no' });
    },
    onChange: () => undefined,
    onFailure: (kind) => failures.push(kind),
  });
  return { clock, prober, failures, asked };
}

const probe = (kind: string, more: object = {}): object => ({ exec: { command: [kind] }, periodSeconds: 10, ...more });

describe('ContainerProber', () => {
  it('is ready once the threshold of successes is reached, and not after that of failures', async () => {
    let ready = true;
    const { clock, prober } = begin(
      { readinessProbe: probe('ready', { successThreshold: 2, failureThreshold: 2, initialDelaySeconds: 5 }) },
      { ready: () => ready },
    );
    await clock.advance(5_000);
    expect(prober.verdicts.ready).toBe(false);
    await clock.advance(10_000);
    expect(prober.verdicts.ready).toBe(true);
    ready = false;
    await clock.advance(10_000);
    expect(prober.verdicts.ready).toBe(true);
    await clock.advance(10_000);
    expect(prober.verdicts).toEqual({ started: true, ready: false, alive: true });
    prober.close();
    expect(clock.pending).toBe(0);
  });

  it('asks about nothing else before the startup probe has succeeded', async () => {
    let up = false;
    const { clock, prober, asked } = begin(
      { startupProbe: probe('startup', { failureThreshold: 30 }), livenessProbe: probe('live') },
      { startup: () => up, live: () => true },
    );
    await clock.advance(50_000);
    expect(prober.verdicts.started).toBe(false);
    expect(asked.live).toBe(0);
    up = true;
    await clock.advance(20_000);
    expect(prober.verdicts.started).toBe(true);
    expect(asked.live).toBeGreaterThan(0);
    prober.close();
  });

  it.each([
    ['startupProbe', 'startup', 'Startup'],
    ['livenessProbe', 'live', 'Liveness'],
  ] as const)('declares it dead by its %s and asks no more', async (field, kind, name) => {
    const { clock, prober, failures } = begin(
      { [field]: probe(kind, { failureThreshold: 3 }) },
      { [kind]: () => false },
    );
    await clock.advance(20_000);
    expect(prober.verdicts.alive).toBe(false);
    await clock.advance(60_000);
    expect(failures).toEqual([name, name, name]);
    expect(clock.pending).toBe(0);
  });

  it('takes over an adopted container without a gap', async () => {
    const { clock, prober, asked } = begin(
      { startupProbe: probe('startup'), readinessProbe: probe('ready') },
      { startup: () => false, ready: () => true },
      { started: true, ready: true },
    );
    expect(prober.verdicts).toEqual({ started: true, ready: true, alive: true });
    await clock.advance(30_000);
    expect(asked.startup).toBe(0);
    prober.close();
  });
});
