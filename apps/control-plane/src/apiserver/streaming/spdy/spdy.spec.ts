import { createHash } from 'node:crypto';
import { Duplex, PassThrough } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { constants, createDeflate, createInflate } from 'node:zlib';
import * as fc from 'fast-check';
import { ByteReader } from './byte-reader';
import { SpdyConnection, type SpdyStream } from './connection';
import { headerDictionary } from './dictionary';
import { readFrames, type Frame } from './frames';
import { HeaderEncoder } from './header-block';

/** The client's side, as client-go speaks: headers compressed with the dictionary, in one zlib stream. */
class Client {
  private readonly deflate = createDeflate({ dictionary: headerDictionary, flush: constants.Z_SYNC_FLUSH });

  async open(id: number, headers: Record<string, string>, fin = false): Promise<Buffer> {
    const pairs = Object.entries(headers).flat();
    const block = Buffer.concat([
      uint32(pairs.length / 2),
      ...pairs.flatMap((part) => [uint32(part.length), Buffer.from(part)]),
    ]);
    await new Promise<void>((resolve) =>
      this.deflate.write(block, () => {
        resolve();
      }),
    );
    return control(1, fin ? 1 : 0, Buffer.concat([uint32(id), Buffer.alloc(6), this.deflate.read() as Buffer]));
  }

  close(): void {
    this.deflate.destroy();
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function control(type: number, flags: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80, 3, 0, type]), uint32(flags * 2 ** 24 + body.length), body]);
}

function data(id: number, bytes: Buffer, fin = false): Buffer {
  return Buffer.concat([uint32(id), uint32((fin ? 2 ** 24 : 0) + bytes.length), bytes]);
}

async function frames(bytes: Iterable<Buffer>): Promise<Frame[]> {
  const all: Frame[] = [];
  // eslint-disable-next-line @typescript-eslint/require-await
  const source = (async function* () {
    yield* bytes;
  })();
  for await (const frame of readFrames(new ByteReader(source))) all.push(frame);
  return all;
}

/** A socket whose two ends are streams of the spec's. */
function socketPair(): { socket: Duplex; fromClient: PassThrough; toClient: PassThrough } {
  const [fromClient, toClient] = [new PassThrough(), new PassThrough()];
  return { socket: Duplex.from({ readable: fromClient, writable: toClient }), fromClient, toClient };
}

describe('SPDY/3.1', () => {
  const client = new Client();
  afterAll(() => {
    client.close();
  });

  it('has the dictionary of the specification', () => {
    expect(headerDictionary.length).toBe(1423);
    expect(createHash('sha256').update(headerDictionary).digest('hex').slice(0, 16)).toBe('51d27341373f923f');
  });

  it('reads frames however the bytes are cut', async () => {
    const other = new Client();
    const wire = Buffer.concat([
      await other.open(1, { StreamType: 'error', port: '80' }, true),
      control(4, 0, Buffer.concat([uint32(1), uint32(7), uint32(65536)])),
      await other.open(3, { streamtype: 'data', port: '80' }),
      data(3, Buffer.from('hello'), true),
      control(6, 0, uint32(9)),
      control(3, 0, Buffer.concat([uint32(3), uint32(5)])),
    ]);
    other.close();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: wire.length - 1 }), { maxLength: 10 }), async (cuts) => {
        const bounds = [0, ...cuts.sort((a, b) => a - b), wire.length];
        const all = await frames(bounds.slice(1).map((end, i) => wire.subarray(bounds[i], end)));
        const bytes = Buffer.concat(all.map((frame) => (frame.type === 'data' ? frame.bytes : Buffer.alloc(0))));
        expect(bytes.toString()).toBe('hello');
        expect(all.filter((frame) => frame.type !== 'data')).toEqual([
          {
            type: 'open',
            id: 1,
            fin: true,
            headers: new Map([
              ['streamtype', 'error'],
              ['port', '80'],
            ]),
          },
          {
            type: 'open',
            id: 3,
            fin: false,
            headers: new Map([
              ['streamtype', 'data'],
              ['port', '80'],
            ]),
          },
          { type: 'ping', id: 9 },
          { type: 'reset', id: 3 },
        ]);
        expect(
          all
            .filter((frame) => frame.type === 'data')
            .map(({ fin }) => fin)
            .filter(Boolean),
        ).toEqual([true]);
      }),
    );
  });

  it.each([
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n'.padEnd(64)), undefined],
    ['another version', Buffer.from([0x80, 2, 0, 1, 0, 0, 0, 0]), 'not SPDY/3'],
    [
      'an oversized control frame',
      Buffer.from([0x80, 3, 0, 1, 0, 0xff, 0xff, 0xff]),
      'a control frame of 16777215 bytes',
    ],
    ['headers that are not zlib', control(1, 0, Buffer.alloc(40, 'x')), 'incorrect header check'],
  ])('survives %s', async (_, bytes, message) => {
    if (message) await expect(frames([bytes])).rejects.toThrow(message);
    else expect((await frames([bytes])).every(({ type }) => type === 'data')).toBe(true);
  });

  it('refuses headers that unpack to very much', async () => {
    const other = new Client();
    const bomb = await other.open(1, { a: 'x'.repeat(200_000) });
    other.close();
    await expect(frames([bomb])).rejects.toThrow('headers of more than 65536 bytes');
  });

  it('writes header blocks that are one zlib stream', async () => {
    const encoder = new HeaderEncoder();
    const inflate = createInflate({ dictionary: headerDictionary, flush: constants.Z_SYNC_FLUSH });
    for (let i = 0; i < 3; i++) {
      await new Promise<void>((resolve) =>
        inflate.write(encoder.empty(), () => {
          resolve();
        }),
      );
      expect(inflate.read()).toEqual(Buffer.alloc(4));
    }
    inflate.destroy();
  });

  it('answers streams, with data both ways and half-close', async () => {
    const { socket, fromClient, toClient } = socketPair();
    const streams: SpdyStream[] = [];
    const connection = new SpdyConnection(socket, (stream) => streams.push(stream));
    const own = new Client();
    fromClient.write(await own.open(1, { streamtype: 'stdin' }));
    own.close();
    fromClient.write(data(1, Buffer.from('question'), true));
    while (streams.length === 0) await setImmediate();
    const received = new PassThrough();
    streams[0]!.pipe(received);
    expect(await text(received)).toBe('question');
    streams[0]!.end('answer');
    await setImmediate();
    connection.close();
    const answered = await frames([(await buffer(toClient)).subarray(8 + 4 + deflatedEmpty())]);
    expect(answered).toEqual([
      { type: 'data', id: 1, fin: false, bytes: Buffer.from('answer') },
      { type: 'data', id: 1, fin: true, bytes: Buffer.alloc(0) },
    ]);
    fromClient.end();
    await connection.closed;
  });

  it('stops reading the connection while a reader is far behind, and breaks its streams when it ends', async () => {
    const { socket, fromClient } = socketPair();
    const streams: SpdyStream[] = [];
    const connection = new SpdyConnection(socket, (stream) => streams.push(stream));
    const own = new Client();
    fromClient.write(await own.open(1, { streamtype: 'stdin' }));
    own.close();
    let written = 0;
    for (
      ;
      written < 64 && (fromClient.write(data(1, Buffer.alloc(1 << 16))), fromClient.writableLength < 1 << 20);
      written++
    )
      await setImmediate();
    expect(streams[0]!.readableLength).toBeLessThan((1 << 20) + (1 << 17));
    const end = expect(buffer(streams[0]!)).rejects.toThrow('the connection was closed');
    fromClient.end();
    await Promise.all([connection.closed, end]);
  });
});

function deflatedEmpty(): number {
  return new HeaderEncoder().empty().length;
}
