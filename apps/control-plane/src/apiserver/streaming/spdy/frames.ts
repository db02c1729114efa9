import type { ByteReader } from './byte-reader';
import { HeaderDecoder, HeaderEncoder, type Headers } from './header-block';

/** The frames of SPDY/3.1 that Kubernetes' clients use. */
export type Frame =
  | { type: 'open'; id: number; fin: boolean; headers: Headers }
  /** A part of a data frame as it arrives; `fin` with the last part. */
  | { type: 'data'; id: number; fin: boolean; bytes: Buffer }
  | { type: 'reset'; id: number }
  | { type: 'ping'; id: number }
  | { type: 'goaway' };

const SYN_STREAM = 1;
const SYN_REPLY = 2;
const RST_STREAM = 3;
const PING = 6;
const GOAWAY = 7;
const HEADERS = 8;

const VERSION = 0x8003;
const FIN = 1;
const CANCEL = 5;
const MAX_CONTROL_BYTES = 64 * 1024;
const STREAM_ID = 0x7fffffff;

/** Frames until the bytes end. Frames of other types are skipped; throws on what is no SPDY/3. */
export async function* readFrames(bytes: ByteReader): AsyncGenerator<Frame> {
  const headers = new HeaderDecoder();
  try {
    for (;;) {
      const head = await bytes.exactly(8);
      if (!head) return;
      const flags = head[4]!;
      const length = head.readUIntBE(5, 3);
      if (head[0]! & 0x80) {
        const frame = await readControl(head, flags, length, bytes, headers);
        if (frame) yield frame;
      } else {
        yield* readData(head.readUInt32BE(0) & STREAM_ID, (flags & FIN) !== 0, length, bytes);
      }
    }
  } finally {
    headers.close();
  }
}

async function* readData(id: number, fin: boolean, length: number, bytes: ByteReader): AsyncGenerator<Frame> {
  let left = length;
  do {
    const part = left === 0 ? Buffer.alloc(0) : await bytes.upTo(left);
    if (!part) return;
    left -= part.length;
    yield { type: 'data', id, fin: fin && left === 0, bytes: part };
  } while (left > 0);
}

async function readControl(
  head: Buffer,
  flags: number,
  length: number,
  bytes: ByteReader,
  headers: HeaderDecoder,
): Promise<Frame | undefined> {
  if (head.readUInt16BE(0) !== VERSION) throw new Error('not SPDY/3');
  if (length > MAX_CONTROL_BYTES) throw new Error(`a control frame of ${length} bytes`);
  const body = await bytes.exactly(length);
  if (!body) return undefined;
  const id = length >= 4 ? body.readUInt32BE(0) : 0;
  switch (head.readUInt16BE(2)) {
    case SYN_STREAM:
      return {
        type: 'open',
        id: id & STREAM_ID,
        fin: (flags & FIN) !== 0,
        headers: await headers.decode(body.subarray(10)),
      };
    case SYN_REPLY:
    case HEADERS:
      // Of no use to us, but part of the zlib stream.
      await headers.decode(body.subarray(4));
      return undefined;
    case RST_STREAM:
      return { type: 'reset', id: id & STREAM_ID };
    case PING:
      return { type: 'ping', id };
    case GOAWAY:
      return { type: 'goaway' };
    default:
      return undefined;
  }
}

/** Writes the frames of one connection. */
export class FrameWriter {
  private readonly headers = new HeaderEncoder();

  reply(id: number): Buffer {
    return control(SYN_REPLY, uint32(id), this.headers.empty());
  }

  data(id: number, bytes: Buffer): Buffer[] {
    return [dataHead(id, 0, bytes.length), bytes];
  }

  fin(id: number): Buffer {
    return dataHead(id, FIN, 0);
  }

  cancel(id: number): Buffer {
    return control(RST_STREAM, uint32(id), uint32(CANCEL));
  }

  pong(id: number): Buffer {
    return control(PING, uint32(id));
  }
}

function dataHead(id: number, flags: number, length: number): Buffer {
  return Buffer.concat([uint32(id), uint32(flags * 2 ** 24 + length)]);
}

function control(type: number, ...body: Buffer[]): Buffer {
  const bytes = Buffer.concat(body);
  const head = Buffer.alloc(8);
  head.writeUInt16BE(VERSION, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
