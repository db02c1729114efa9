import { FakeClock } from '@gantry/testing';
import type { Step } from './plan/step';
import { StepRunner } from './step-runner';

describe('StepRunner', () => {
  function runner() {
    const clock = new FakeClock();
    const begun: string[] = [];
    const open: { resolve: () => void; reject: (error: Error) => void; signal: AbortSignal }[] = [];
    const steps = new StepRunner(
      clock,
      ({ type }, signal) => {
        begun.push(type);
        return new Promise((resolve, reject) => open.push({ resolve, reject, signal }));
      },
      () => undefined,
    );
    return { clock, begun, open, steps };
  }

  const pull: Step = { type: 'pullImage', container: 'a', restartCount: 0 };
  const mount: Step = { type: 'mountVolumes' };

  it('runs what is independent side by side, and each step once at a time', () => {
    const { steps, begun } = runner();
    for (const step of [pull, mount, pull, { ...pull, container: 'b' }]) steps.begin(step);
    expect(begun).toEqual(['pullImage', 'mountVolumes', 'pullImage']);
  });

  it('takes nothing away while something is being put there', async () => {
    const { steps, begun, open, clock } = runner();
    steps.begin(mount);
    steps.begin({ type: 'unmountVolumes' });
    expect(begun).toEqual(['mountVolumes']);
    open[0]!.resolve();
    await clock.advance(0);
    steps.begin({ type: 'unmountVolumes' });
    expect(begun).toEqual(['mountVolumes', 'unmountVolumes']);
  });

  it('tries a pull again after 10 s, doubled up to 5 min', async () => {
    const { steps, open, clock } = runner();
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) {
      steps.begin(pull);
      open.at(-1)!.reject(new Error('no'));
      await clock.advance(0);
      const [failure] = steps.failures();
      waits.push((failure!.retryAt - clock.now()) / 1000);
      steps.begin(pull);
      expect(open).toHaveLength(i + 1);
      await clock.advance(waits[i]! * 1000);
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300]);
  });

  it('tries at once when what it failed for may have changed', async () => {
    const { steps, open, clock } = runner();
    steps.begin(mount);
    open[0]!.reject(new Error('no'));
    await clock.advance(0);
    steps.retryNow('mountVolumes');
    steps.begin(mount);
    expect(open).toHaveLength(2);
  });

  it('forgets a pull that was called off', async () => {
    const { steps, open, clock } = runner();
    steps.begin(pull);
    steps.abortPulls();
    expect(open[0]!.signal.aborted).toBe(true);
    open[0]!.reject(new Error('aborted'));
    await clock.advance(0);
    expect([...steps.failures()]).toEqual([]);
  });
});
