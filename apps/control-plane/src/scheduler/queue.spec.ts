import type { Clock } from '@gantry/base';
import { SchedulingQueue } from './queue';

function fakeClock(): Clock & { advance(ms: number): void } {
  let now = 0;
  let timers: { at: number; fn: () => void }[] = [];
  return {
    now: () => now,
    monotonic: () => now,
    after(ms, fn) {
      const timer = { at: now + ms, fn };
      timers.push(timer);
      return { close: () => void (timers = timers.filter((other) => other !== timer)) };
    },
    advance(ms) {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { fn } of due) fn();
    },
  };
}

describe('the scheduling queue', () => {
  const clock = fakeClock();
  let queue: SchedulingQueue;
  beforeEach(() => (queue = new SchedulingQueue(clock)));
  afterEach(() => {
    queue.close();
  });

  it('gives pods by priority, then in the order they came, each once', () => {
    queue.add('a', '1', 0);
    queue.add('b', '2', 100);
    queue.add('c', '3', 0);
    queue.add('a', '1', 0);
    expect([queue.take()?.key, queue.take()?.key, queue.take()?.key, queue.take()]).toEqual(['b', 'a', 'c', undefined]);
  });

  it('takes a pod that was made anew under its old name for another', () => {
    queue.add('a', '1', 0);
    queue.take();
    queue.add('a', '2', 0);
    expect(queue.take()?.uid).toBe('2');
  });

  it('keeps a parked pod until something changes, and then for its back-off', () => {
    queue.add('a', '1', 0);
    queue.park(queue.take()!);
    clock.advance(5000);
    expect(queue.counts()).toEqual({ active: 0, backoff: 0, unschedulable: 1 });
    queue.wake();
    expect(queue.take()?.attempts).toBe(2);
    queue.add('b', '2', 0);
    queue.park(queue.take()!);
    queue.wake();
    expect(queue.take()).toBeUndefined();
    clock.advance(1000);
    expect(queue.take()?.key).toBe('b');
  });

  it('looks at parked pods again after a minute, in case it missed something', () => {
    queue.add('a', '1', 0);
    queue.park(queue.take()!);
    clock.advance(60_000);
    expect(queue.take()?.key).toBe('a');
  });

  it('doubles the back-off of repeated failures', () => {
    queue.add('a', '1', 0);
    const waits = [1000, 2000, 4000, 8000, 10_000, 10_000];
    for (const wait of waits) {
      queue.retry(queue.take()!);
      clock.advance(wait - 1);
      expect(queue.take()).toBeUndefined();
      clock.advance(1);
      expect(queue.counts().active).toBe(1);
    }
  });

  it('forgets removed pods wherever they wait', () => {
    queue.add('a', '1', 0);
    queue.add('b', '2', 0);
    queue.park(queue.take()!);
    queue.remove('a');
    queue.remove('b');
    queue.wake();
    clock.advance(60_000);
    expect([queue.take(), queue.counts()]).toEqual([undefined, { active: 0, backoff: 0, unschedulable: 0 }]);
  });

  it('tells a waiting reader', async () => {
    const ready = queue.ready();
    queue.add('a', '1', 0);
    await ready;
    expect(queue.take()?.key).toBe('a');
  });
});
