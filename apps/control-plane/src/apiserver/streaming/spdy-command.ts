import type { Duplex, Readable, Writable } from 'node:stream';
import type { Clock } from '@gantry/base';
import type { Resize } from '@gantry/rpc';
import type { CommandOptions } from './query';
import { SpdyConnection, type SpdyStream } from './spdy/connection';
import { SizeParser, type UserCommand } from './user-command';

/** The first with a status on the error stream and terminal sizes; what every client since Kubernetes 1.4 offers. */
export const SPDY_COMMAND_PROTOCOLS = ['v4.channel.k8s.io'] as const;

const STREAMS_TIMEOUT_MS = 30_000;

/** Exec and attach over SPDY: the client opens a stream for each of error, stdin, stdout, stderr and resize. */
export class SpdyCommand implements UserCommand {
  private constructor(
    private readonly connection: SpdyConnection,
    private readonly streams: ReadonlyMap<string, SpdyStream>,
  ) {}

  /** Resolves when the client has opened its streams; rejects when it leaves before or takes too long. */
  static accept(socket: Duplex, wanted: CommandOptions, clock: Clock): Promise<SpdyCommand> {
    const missing = new Set(['error']);
    for (const name of ['stdin', 'stdout', 'stderr'] as const) if (wanted[name]) missing.add(name);
    if (wanted.tty) missing.add('resize');
    const streams = new Map<string, SpdyStream>();
    return new Promise((resolve, reject) => {
      const timeout = clock.after(STREAMS_TIMEOUT_MS, () => {
        connection.close();
        reject(new Error(`the client did not open its streams: ${[...missing].join(', ')}`));
      });
      const connection = new SpdyConnection(socket, (stream) => {
        const name = stream.headers.get('streamtype') ?? '';
        if (!missing.delete(name)) {
          stream.destroy();
          return;
        }
        streams.set(name, stream);
        if (missing.size > 0) return;
        void timeout.close();
        resolve(new SpdyCommand(connection, streams));
      });
      void connection.closed.then(() => {
        void timeout.close();
        reject(new Error('the client left before it had opened its streams'));
      });
    });
  }

  get stdin(): Readable | undefined {
    return this.streams.get('stdin');
  }

  get stdout(): Writable | undefined {
    return this.streams.get('stdout');
  }

  get stderr(): Writable | undefined {
    return this.streams.get('stderr');
  }

  get gone(): Promise<void> {
    return this.connection.closed;
  }

  onResize(listener: (size: Resize) => void): void {
    const resize = this.streams.get('resize');
    const sizes = new SizeParser();
    resize?.on('data', (chunk: Buffer) => {
      try {
        for (const size of sizes.push(chunk.toString())) listener(size);
      } catch (error) {
        resize.destroy(error as Error);
      }
    });
  }

  async finish(status: Buffer): Promise<void> {
    const error = this.streams.get('error')!;
    await new Promise<void>((resolve) => {
      error.once('close', resolve);
      error.end(status, () => {
        resolve();
      });
    });
    this.connection.close();
  }
}
