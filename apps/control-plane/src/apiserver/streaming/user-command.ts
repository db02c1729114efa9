import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { internalError } from '@gantry/api';
import { STDERR, STDIN, STDOUT, type FrameStream, type Resize } from '@gantry/rpc';

/** A user's end of exec or attach, whatever protocol carries it. */
export interface UserCommand {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  onResize(listener: (size: Resize) => void): void;
  /** Tells the user how it ended (a metav1 Status in JSON) and closes the connection. */
  finish(status: Buffer): Promise<void>;
  /** Resolves when the user's connection is over. */
  readonly gone: Promise<void>;
}

/** Passes everything between a user and the node until either ends. */
export async function relayCommand(node: FrameStream, user: UserCommand): Promise<void> {
  void user.gone.then(() => {
    node.close(new Error('the user left'));
  });
  user.onResize((size) => {
    node.resize(size);
  });
  // Stdin may be closed by the process; what matters is how the process ends.
  if (user.stdin) pipeline(user.stdin, node.output(STDIN)).catch(() => undefined);
  // A user who left cannot be told; one whose node left is told by the status.
  const outputs = Promise.allSettled([pass(node.input(STDOUT), user.stdout), pass(node.input(STDERR), user.stderr)]);
  const status = await node.status.catch((error: unknown) =>
    Buffer.from(JSON.stringify(internalError(error).toStatus())),
  );
  await outputs;
  await user.finish(status);
}

async function pass(from: Readable, to: Writable | undefined): Promise<void> {
  if (to) await pipeline(from, to);
  else from.resume();
}

/** Terminal sizes as client-go sends them: JSON objects one after the other. Call it with all text that has come. */
export class SizeParser {
  private pending = '';

  /** The sizes completed by this text. */
  push(text: string): Resize[] {
    this.pending += text;
    const sizes: Resize[] = [];
    for (let end = this.pending.indexOf('}'); end >= 0; end = this.pending.indexOf('}')) {
      const { Width: width, Height: height } = JSON.parse(this.pending.slice(0, end + 1)) as {
        Width: number;
        Height: number;
      };
      sizes.push({ width: clamp(width), height: clamp(height) });
      this.pending = this.pending.slice(end + 1);
    }
    return sizes;
  }
}

// struct winsize holds 16 bits.
function clamp(value: number): number {
  return Number.isInteger(value) ? Math.min(Math.max(value, 0), 65535) : 0;
}
