import type { LogLine } from '@gantry/runtime';

/** How log lines are shown: with their times in front if asked for, cut off after `limitBytes`. */
export interface LogTextOptions {
  timestamps: boolean;
  limitBytes?: number;
}

/** The bytes of a log as `kubectl logs` prints them; ends when the lines end or the limit is reached. */
export async function* logText(
  lines: AsyncIterable<LogLine>,
  { timestamps, limitBytes = Infinity }: LogTextOptions,
): AsyncGenerator<Buffer> {
  let left = limitBytes;
  // A long line comes in parts; only its beginning carries the time.
  let lineStart = true;
  for await (const { time, bytes } of lines) {
    const text = timestamps && lineStart ? Buffer.concat([Buffer.from(`${time} `), bytes]) : bytes;
    lineStart = bytes.at(-1) === 0x0a;
    yield text.length > left ? text.subarray(0, left) : text;
    left -= text.length;
    if (left <= 0) return;
  }
}
