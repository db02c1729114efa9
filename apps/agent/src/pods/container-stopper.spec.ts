import type { Containers } from '@gantry/runtime';
import { FakeClock } from '@gantry/testing';
import { ContainerStopper } from './container-stopper';

describe('ContainerStopper', () => {
  function stubborn() {
    const clock = new FakeClock();
    const calls: string[] = [];
    let end: () => void = () => undefined;
    const containers = {
      stop: (_id: string, seconds: number) => {
        calls.push(`stop ${seconds}`);
        return new Promise<void>((resolve) => (end = resolve));
      },
      kill: (_id: string, signal: string) => {
        calls.push(signal);
        end();
        return Promise.resolve();
      },
    } as unknown as Containers;
    return { clock, calls, stopper: new ContainerStopper(containers, clock) };
  }

  it('gives the process what the hook has left of the grace period, and two seconds at least', async () => {
    const { clock, calls, stopper } = stubborn();
    const hook = (ms: number) => (): Promise<void> => clock.advance(ms);
    void stopper.stop('a', 30, hook(10_000));
    await clock.advance(10_000);
    void stopper.stop('b', 30, hook(29_500));
    await clock.advance(30_000);
    void stopper.stop('c', 0, hook(1));
    await clock.advance(1);
    expect(calls.map((call) => Math.round(Number(call.split(' ')[1])))).toEqual([20, 2, 0]);
  });

  it('kills earlier when the grace period is shortened', async () => {
    const { clock, calls, stopper } = stubborn();
    const done = stopper.stop('a', 30, () => Promise.resolve());
    await clock.advance(1_000);
    stopper.hasten('a', 60);
    stopper.hasten('a', 1);
    await clock.advance(1_000);
    await done;
    expect(calls).toEqual(['stop 30', 'SIGKILL']);
    expect(clock.pending).toBe(0);
  });
});
