import { Duplex } from 'node:stream';
import { ByteReader } from './byte-reader';
import { FrameWriter, readFrames, type Frame } from './frames';
import type { Headers } from './header-block';

/** Bytes a stream holds for a slow reader before the whole connection waits: these clients know no windows. */
const MAX_UNREAD = 1 << 20;
const MAX_STREAMS = 4096;

/**
 * The server's end of a SPDY/3.1 connection as kubectl uses it: the client opens streams, the server answers on them.
 *
 * client-go's SPDY neither grants nor minds flow-control windows, so the socket's own back pressure is all there is:
 * writes wait for the socket, and reading stops while a stream's reader is far behind.
 */
export class SpdyConnection {
  private readonly streams = new Map<number, SpdyStream>();
  private readonly writer = new FrameWriter();
  /** Resolves when the connection is over, however it ended. */
  readonly closed: Promise<void>;

  constructor(
    private readonly socket: Duplex,
    private readonly onStream: (stream: SpdyStream) => void,
  ) {
    socket.on('error', () => undefined);
    this.closed = this.run();
  }

  /** Ends the connection once what was written is sent. */
  close(): void {
    this.socket.end();
  }

  write(frame: Buffer | Buffer[], done?: (error?: Error | null) => void): void {
    if (!this.socket.writable) {
      done?.(new Error('the connection is closed'));
      return;
    }
    if (Buffer.isBuffer(frame)) {
      this.socket.write(frame, done);
      return;
    }
    this.socket.cork();
    frame.forEach((part, i) => this.socket.write(part, i === frame.length - 1 ? done : undefined));
    this.socket.uncork();
  }

  forget(id: number): void {
    this.streams.delete(id);
  }

  private async run(): Promise<void> {
    try {
      for await (const frame of readFrames(new ByteReader(this.socket))) await this.receive(frame);
    } catch {
      // A broken connection, or one that does not speak SPDY: its streams break, which tells those who use them.
    }
    this.socket.destroy();
    for (const stream of this.streams.values()) stream.destroy(new Error('the connection was closed'));
    this.streams.clear();
  }

  private async receive(frame: Frame): Promise<void> {
    switch (frame.type) {
      case 'open':
        this.open(frame.id, frame.headers, frame.fin);
        return;
      case 'data':
        await this.streams.get(frame.id)?.receive(frame.bytes, frame.fin);
        return;
      case 'reset':
        this.streams.get(frame.id)?.destroy(new Error('the stream was reset'));
        return;
      case 'ping':
        this.write(this.writer.pong(frame.id));
        return;
      case 'goaway':
      // No new streams will come; those that are open go on.
    }
  }

  private open(id: number, headers: Headers, fin: boolean): void {
    if (this.streams.size >= MAX_STREAMS || this.streams.has(id)) {
      this.write(this.writer.cancel(id));
      return;
    }
    const stream = new SpdyStream(id, headers, this, this.writer);
    this.streams.set(id, stream);
    this.write(this.writer.reply(id));
    if (fin) stream.push(null);
    this.onStream(stream);
  }
}

/** One stream of a connection, opened by the client with headers that say what it is for. */
export class SpdyStream extends Duplex {
  private wake?: () => void;

  constructor(
    readonly id: number,
    readonly headers: Headers,
    private readonly connection: SpdyConnection,
    private readonly writer: FrameWriter,
  ) {
    super();
    this.on('error', () => undefined);
  }

  /** Resolves when the connection may go on reading. */
  async receive(bytes: Buffer, fin: boolean): Promise<void> {
    if (this.destroyed || this.readableEnded) return;
    if (bytes.length > 0) this.push(bytes);
    if (fin) this.push(null);
    if (this.readableLength > MAX_UNREAD) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  override _read(): void {
    this.wake?.();
    this.wake = undefined;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.connection.write(this.writer.data(this.id, chunk), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.connection.write(this.writer.fin(this.id), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.connection.forget(this.id);
    if (!this.writableFinished) this.connection.write(this.writer.cancel(this.id));
    this._read();
    done(error);
  }
}
