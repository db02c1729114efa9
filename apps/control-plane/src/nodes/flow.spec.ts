import { Channel, systemClock, type Clock } from '@gantry/base';
import type { WatchEvent } from '@gantry/api';
import { Outbox } from './outbox';
import { relayWatch } from './watch-relay';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('relayWatch', () => {
  const event = (n: number): WatchEvent => ({ type: 'ADDED', object: { n } });
  const decode = (batch: Buffer[]): unknown[] =>
    batch.map((bytes) => (JSON.parse(bytes.toString()) as WatchEvent).object);

  it('sends together what comes together, in order', async () => {
    const events = new Channel<WatchEvent>();
    const sizes: number[] = [];
    const seen: unknown[] = [];
    for (let n = 0; n < 600; n++) events.push(event(n));
    events.close();
    await relayWatch(events, (batch) => {
      sizes.push(batch.length);
      seen.push(...decode(batch));
      return turn();
    });
    expect(seen).toEqual(Array.from({ length: 600 }, (_, n) => ({ n })));
    expect(sizes.length).toBeLessThan(10);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(256);
  });

  it('pulls no further than one batch ahead of a receiver that does not take', async () => {
    let pulled = 0;
    // eslint-disable-next-line @typescript-eslint/require-await
    async function* endless(): AsyncGenerator<WatchEvent> {
      for (;;) yield event(pulled++);
    }
    void relayWatch(endless(), () => new Promise(() => undefined));
    for (let i = 0; i < 50; i++) await turn();
    expect(pulled).toBeLessThanOrEqual(513);
  });

  it('throws the end of the watch after the events before it', async () => {
    const events = new Channel<WatchEvent>();
    events.push(event(1));
    events.close(new Error('expired'));
    const seen: unknown[] = [];
    const relay = relayWatch(events, (batch) => Promise.resolve(void seen.push(...decode(batch))));
    await expect(relay).rejects.toThrow('expired');
    expect(seen).toEqual([{ n: 1 }]);
  });
});

describe('Outbox', () => {
  function outbox(limit: number) {
    let time = 0;
    const clock: Clock = { ...systemClock, monotonic: () => time };
    const flushed: (() => void)[] = [];
    const box = new Outbox({ write: (_message, done) => flushed.push(done) > 0 }, clock, limit);
    return { box, flushed, pass: (ms: number) => (time += ms) };
  }

  it('tells how long the agent has taken nothing', () => {
    const { box, flushed, pass } = outbox(100);
    pass(5000);
    expect(box.stalledFor()).toBe(0);
    void box.send(undefined, 10);
    pass(700);
    void box.send(undefined, 10);
    pass(300);
    expect(box.stalledFor()).toBe(1000);
    flushed.shift()!();
    pass(50);
    expect(box.stalledFor()).toBe(50);
    flushed.shift()!();
    expect(box.stalledFor()).toBe(0);
  });

  it('overflows by bytes, and lets go of those who wait when it is closed', async () => {
    const { box } = outbox(100);
    const sent = [box.send(undefined, 60), box.send(undefined, 60)];
    expect(box.overflowing).toBe(true);
    box.close();
    await Promise.all(sent);
    await box.send(undefined, 60);
  });
});
