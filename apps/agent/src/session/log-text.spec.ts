import type { LogLine } from '@gantry/runtime';
import { logText } from './log-text';

// eslint-disable-next-line @typescript-eslint/require-await
async function* lines(...texts: string[]): AsyncGenerator<LogLine> {
  for (const text of texts) yield { stream: 'stdout', time: '2026-01-01T00:00:00.5Z', bytes: Buffer.from(text) };
}

async function read(options: Parameters<typeof logText>[1], ...texts: string[]): Promise<string> {
  let all = '';
  for await (const part of logText(lines(...texts), options)) all += part.toString();
  return all;
}

describe('logText', () => {
  it.each([
    [{ timestamps: false }, 'a\nb\n'],
    [{ timestamps: true }, '2026-01-01T00:00:00.5Z a\n2026-01-01T00:00:00.5Z b\n'],
    [{ timestamps: false, limitBytes: 3 }, 'a\nb'],
    [{ timestamps: false, limitBytes: 4 }, 'a\nb\n'],
    [{ timestamps: true, limitBytes: 10 }, '2026-01-01'],
  ])('%j', async (options, shown) => {
    expect(await read(options, 'a\n', 'b\n')).toBe(shown);
  });

  it('gives a line that comes in parts one time', async () => {
    expect(await read({ timestamps: true }, 'one ', 'line\n', 'next')).toBe(
      '2026-01-01T00:00:00.5Z one line\n2026-01-01T00:00:00.5Z next',
    );
  });

  it('reads no more of an endless log than its limit', async () => {
    let pulled = 0;
    // eslint-disable-next-line @typescript-eslint/require-await
    async function* endless(): AsyncGenerator<LogLine> {
      for (; ; pulled++) yield { stream: 'stdout', time: '', bytes: Buffer.from('12345') };
    }
    let size = 0;
    for await (const part of logText(endless(), { timestamps: false, limitBytes: 12 })) size += part.length;
    expect([size, pulled]).toEqual([12, 2]);
  });
});
