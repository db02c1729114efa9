/** Reading of tar headers (POSIX pax, GNU): only as much as decides where an entry goes and how long it is. */

export const BLOCK = 512;

export class InvalidLayer extends Error {
  override name = 'InvalidLayer';
}

export interface TarHeader {
  name: string;
  linkName: string;
  /** One character; `0` and `\0` are files. */
  type: string;
  /** Bytes of content that follow. */
  size: number;
}

/** Throws {@link InvalidLayer} for a damaged header. */
export function parseHeader(block: Buffer): TarHeader {
  if (readNumber(block, 148, 8) !== checksum(block)) throw new InvalidLayer('damaged tar header: wrong checksum');
  const isUstar = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isUstar ? readText(block, 345, 155) : '';
  const name = readText(block, 0, 100);
  return {
    name: prefix ? `${prefix}/${name}` : name,
    linkName: readText(block, 157, 100),
    type: String.fromCharCode(block[156]!),
    size: readNumber(block, 124, 12),
  };
}

export const isZeroBlock = (block: Buffer): boolean => block.every((byte) => byte === 0);

/** Blocks that content of the size takes. */
export const paddedSize = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;

/** The records of a pax extended header: `LENGTH KEY=VALUE\n` each. */
export function parsePax(data: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let start = 0; start < data.length;) {
    const space = data.indexOf(0x20, start);
    const length = Number(data.toString('latin1', start, space));
    const record = data.subarray(space + 1, start + length - 1);
    const equals = record.indexOf(0x3d);
    if (space < 0 || !Number.isInteger(length) || length < 5 || start + length > data.length || equals < 1) {
      throw new InvalidLayer('damaged pax header');
    }
    records.set(record.toString('utf8', 0, equals), record.toString('utf8', equals + 1));
    start += length;
  }
  return records;
}

/** Text up to the first zero. */
export function readText(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start);
  return block.toString('utf8', start, end < 0 || end > start + length ? start + length : end);
}

function readNumber(block: Buffer, start: number, length: number): number {
  if ((block[start]! & 0x80) !== 0) {
    // GNU base-256: big-endian, the first bit marks it. Sizes beyond 2^53 exist nowhere.
    let value = block[start]! & 0x7f;
    for (let i = 1; i < length; i++) value = value * 256 + block[start + i]!;
    if (!Number.isSafeInteger(value)) throw new InvalidLayer('damaged tar header: number too large');
    return value;
  }
  const text = block
    .toString('latin1', start, start + length)
    .replace(/[\0 ]+$/, '')
    .trim();
  if (!/^[0-7]*$/.test(text)) throw new InvalidLayer('damaged tar header: not a number');
  return text === '' ? 0 : parseInt(text, 8);
}

function checksum(block: Buffer): number {
  let sum = 8 * 0x20; // the checksum's own field counts as spaces
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += block[i]!;
  return sum;
}
