import type { LogLine } from '../runtime';

const SPACE = 0x20;
const NEWLINE = 0x0a;
const FULL = 0x46; // F

/**
 * One line of a container log as conmon writes it (the format of CRI): `TIME STREAM TAG CONTENT`. The tag F ends a
 * line of the program's output; P says that it goes on. Undefined for what is no such line (a write cut by a full disk).
 */
export function parseLogLine(line: Buffer): LogLine | undefined {
  const afterTime = line.indexOf(SPACE);
  const afterStream = line.indexOf(SPACE, afterTime + 1);
  const afterTag = line.indexOf(SPACE, afterStream + 1);
  if (afterTime < 0 || afterStream < 0 || afterTag < 0) return undefined;
  const stream = line.toString('latin1', afterTime + 1, afterStream);
  if (stream !== 'stdout' && stream !== 'stderr') return undefined;
  const whole = line[afterStream + 1] === FULL;
  const end = line[line.length - 1] === NEWLINE ? line.length : line.length + 1;
  const bytes = whole ? withLineEnd(line, afterTag + 1, end) : Buffer.from(line.subarray(afterTag + 1, end - 1));
  return { stream, time: line.toString('latin1', 0, afterTime), bytes };
}

function withLineEnd(line: Buffer, start: number, end: number): Buffer {
  if (end === line.length) return Buffer.from(line.subarray(start));
  return Buffer.concat([line.subarray(start), Buffer.from('\n')]);
}

/** Whether the line of the log ends a line of the program's output. */
export function endsLine(line: Buffer): boolean {
  const afterStream = line.indexOf(SPACE, line.indexOf(SPACE) + 1);
  return line[afterStream + 1] === FULL;
}

/** Cuts a stream of chunks into lines with their line ends. */
export class LineSplitter {
  private rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Buffer[] {
    const data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE, start)) {
      lines.push(data.subarray(start, end + 1));
      start = end + 1;
    }
    // The chunk's memory is used again by the reader.
    this.rest = Buffer.from(data.subarray(start));
    return lines;
  }
}
