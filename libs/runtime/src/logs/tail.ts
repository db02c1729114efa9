import type { FileHandle } from 'node:fs/promises';
import { endsLine } from './k8s-file';

const BLOCK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * Where the last `count` lines of the program's output begin in the file, and how many of them it holds.
 * Reads backwards, so the cost is that of the lines asked for.
 */
export async function findTail(file: FileHandle, count: number): Promise<{ offset: number; lines: number }> {
  const { size } = await file.stat();
  let position = size;
  let pending: Buffer = Buffer.alloc(0);
  let boundary = size;
  let found = 0;
  while (position > 0) {
    const length = Math.min(BLOCK_BYTES, position);
    position -= length;
    const block = Buffer.alloc(length);
    await file.read(block, 0, length, position);
    const data = Buffer.concat([block, pending]);
    // Lines that lie wholly in the data, last first; what is before the first line end belongs to an earlier block.
    let end = data.length;
    for (;;) {
      const start = end < 2 ? -1 : data.lastIndexOf(NEWLINE, end - 2);
      if (start < 0) break;
      if (endsLine(data.subarray(start + 1, end)) && ++found > count) return { offset: boundary, lines: count };
      boundary = position + start + 1;
      end = start + 1;
    }
    pending = data.subarray(0, end);
  }
  if (pending.length > 0 && endsLine(pending) && ++found > count) return { offset: boundary, lines: count };
  return { offset: 0, lines: Math.min(found, count) };
}
