import { Metrics } from '@gantry/observability';
import { FakeClock } from '@gantry/testing';
import fc from 'fast-check';
import { WorkQueue } from './work-queue';
import { WorkQueueMetrics } from './work-queue-metrics';

describe('WorkQueue', () => {
  let clock: FakeClock;
  let queue: WorkQueue;
  beforeEach(() => {
    clock = new FakeClock();
    queue = new WorkQueue({ name: 'test', clock, backoff: { initial: 100, max: 1000, jitter: 0 } });
  });
  afterEach(() => {
    queue.close();
    expect(clock.pending).toBe(0);
  });

  const drain = async () => {
    const keys: string[] = [];
    while (queue.depth > 0) {
      const key = (await queue.take())!;
      keys.push(key);
      queue.done(key);
    }
    return keys;
  };

  it('hands out each waiting key once, in order', async () => {
    for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key);
    expect(await drain()).toEqual(['a', 'b', 'c']);
  });

  it('keeps a key back while it is worked on, and hands it out once more after', async () => {
    queue.add('a');
    await queue.take();
    queue.add('a');
    queue.add('a');
    expect(queue.depth).toBe(0);
    queue.done('a');
    expect(await drain()).toEqual(['a']);
  });

  it('wakes those who wait, one per key', async () => {
    const taken = Promise.all([queue.take(), queue.take()]);
    queue.add('a');
    queue.add('b');
    expect((await taken).sort()).toEqual(['a', 'b']);
  });

  it('lets a worker stop waiting without losing a key', async () => {
    const stop = new AbortController();
    const stopped = queue.take(stop.signal);
    const staying = queue.take();
    stop.abort();
    expect(await stopped).toBeUndefined();
    queue.add('a');
    expect(await staying).toBe('a');
  });

  it('delays: the earliest of several counts, once', async () => {
    queue.addAfter('a', 500);
    queue.addAfter('a', 200);
    queue.addAfter('a', 900);
    await clock.advance(199);
    expect(queue.depth).toBe(0);
    await clock.advance(1);
    expect(await drain()).toEqual(['a']);
    await clock.advance(1000);
    expect(queue.depth).toBe(0);
  });

  it('waits longer after each failure, and little again after a success', async () => {
    for (const wait of [100, 200, 400, 800, 1000, 1000]) {
      queue.addBackedOff('a');
      await clock.advance(wait - 1);
      expect(queue.depth).toBe(0);
      await clock.advance(1);
      expect(await drain()).toEqual(['a']);
    }
    queue.forget('a');
    queue.addBackedOff('a');
    await clock.advance(100);
    expect(await drain()).toEqual(['a']);
  });

  it('measures itself', async () => {
    const metrics = new Metrics();
    queue = new WorkQueue({ name: 'sets', clock, metrics: new WorkQueueMetrics(metrics) });
    queue.add('a');
    await clock.advance(2000);
    queue.done((await queue.take())!);
    const text = await metrics.text();
    expect(text).toContain('workqueue_adds_total{name="sets"} 1');
    expect(text).toContain('workqueue_depth{name="sets"} 0');
    expect(text).toContain('workqueue_queue_duration_seconds_sum{name="sets"} 2');
  });

  it('never has a key at two workers, and hands out every key after its last addition', async () => {
    const step = fc.constantFrom('add', 'take', 'done');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, fc.constantFrom('x', 'y', 'z'))), async (steps) => {
        const tested = new WorkQueue({ name: 'test', clock });
        const working = new Set<string>();
        const owed = new Set<string>();
        for (const [what, key] of steps) {
          if (what === 'add') {
            tested.add(key);
            owed.add(key);
          } else if (what === 'take' && tested.depth > 0) {
            const taken = (await tested.take())!;
            expect(working.has(taken)).toBe(false);
            working.add(taken);
            owed.delete(taken);
          } else if (what === 'done' && working.delete(key)) {
            tested.done(key);
          }
        }
        for (const key of working) tested.done(key);
        while (tested.depth > 0) owed.delete((await tested.take())!);
        expect([...owed]).toEqual([]);
      }),
    );
  });
});
