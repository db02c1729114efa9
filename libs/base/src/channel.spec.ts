import { Channel } from './channel';

async function drain<T>(channel: Channel<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of channel) all.push(value);
  return all;
}

describe('Channel', () => {
  it('delivers values in order, those pushed before and while reading', async () => {
    const channel = new Channel<number>();
    channel.push(1);
    const read = drain(channel);
    await Promise.resolve();
    for (let i = 2; i <= 5000; i++) channel.push(i);
    channel.close();
    expect(await read).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
  });

  it('refuses values when full and after closing', () => {
    const channel = new Channel<number>(2);
    expect([channel.push(1), channel.push(2), channel.push(3)]).toEqual([true, true, false]);
    channel.close();
    expect(channel.push(4)).toBe(false);
  });

  it('throws its error after the values that came before it', async () => {
    const channel = new Channel<number>();
    channel.push(1);
    channel.close(new Error('cut'));
    expect((await channel.next()).value).toBe(1);
    await expect(channel.next()).rejects.toThrow('cut');
  });

  it('ends when the reader leaves early', async () => {
    const channel = new Channel<number>();
    channel.push(1);
    channel.push(2);
    for await (const value of channel) {
      expect(value).toBe(1);
      break;
    }
    expect(channel.push(3)).toBe(false);
    expect(channel.size).toBe(0);
  });
});
