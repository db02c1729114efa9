import { Readable, Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Resize } from '@gantry/rpc';
import type { CommandOptions } from './query';
import { SizeParser, type UserCommand } from './user-command';
import { socketClosed } from './websocket';

/** v5 (KEP-4006) adds the half-close of stdin. */
export const COMMAND_PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

/** The first byte of each message. */
const Channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;

/** Exec and attach over a WebSocket of the subprotocols v4 and v5 of `channel.k8s.io`. */
export class WebSocketCommand implements UserCommand {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  readonly gone: Promise<void>;
  private readonly sizes = new SizeParser();
  private resized?: (size: Resize) => void;

  constructor(
    private readonly socket: WebSocket,
    wanted: CommandOptions,
  ) {
    // Nothing is lost by listening here: messages come in later turns of the event loop.
    socket.on('message', (message: Buffer) => {
      this.receive(message);
    });
    this.gone = socketClosed(socket).then(() => {
      this.stdin?.destroy();
    });
    if (wanted.stdin) this.stdin = this.input();
    if (wanted.stdout) this.stdout = this.output(Channel.stdout);
    if (wanted.stderr) this.stderr = this.output(Channel.stderr);
  }

  onResize(listener: (size: Resize) => void): void {
    this.resized = listener;
  }

  async finish(status: Buffer): Promise<void> {
    // A user who has left does not get it: that is no failure of ours.
    await new Promise((resolve) => {
      this.socket.send(Buffer.concat([Buffer.from([Channel.status]), status]), resolve);
    });
    this.stdin?.destroy();
    this.socket.close(1000);
  }

  private receive(message: Buffer): void {
    const [channel, first] = message;
    const payload = message.subarray(1);
    if (channel === Channel.stdin && payload.length > 0) {
      if (this.stdin && !this.stdin.destroyed && !this.stdin.push(payload)) this.socket.pause();
    } else if (channel === Channel.resize) {
      this.receiveSize(payload.toString());
    } else if (channel === Channel.close && first === Channel.stdin) {
      this.stdin?.push(null);
    }
  }

  private receiveSize(text: string): void {
    try {
      for (const size of this.sizes.push(text)) this.resized?.(size);
    } catch {
      this.socket.close(1007, 'a terminal size that is not JSON');
    }
  }

  private input(): Readable {
    const resume = (): void => {
      this.socket.resume();
    };
    // A paused socket would not see the end of the connection either: when nobody reads any more, it goes on.
    const destroy = (error: Error | null, done: (error: Error | null) => void): void => {
      resume();
      done(error);
    };
    return new Readable({ read: resume, destroy }).on('error', () => undefined);
  }

  private output(channel: number): Writable {
    const prefix = Buffer.from([channel]);
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.socket.send(Buffer.concat([prefix, chunk]), done);
      },
    });
    return output.on('error', () => undefined);
  }
}
