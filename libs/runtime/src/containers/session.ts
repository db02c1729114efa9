import type { Readable, Writable } from 'node:stream';
import type { Session } from '../runtime';

/** Puts a conversation together. Closing it is what its client's leaving means; the second time does nothing. */
export function makeSession(parts: {
  stdin?: Writable;
  stdout: Readable;
  stderr: Readable;
  exit: Promise<number>;
  resize?: (rows: number, columns: number) => Promise<void>;
  close: () => void;
}): Session {
  const { stdin, stdout, stderr, exit, resize, close } = parts;
  let closed = false;
  // Whoever asked for a session and left before its end does not want to hear how it ended.
  exit.catch(() => undefined);
  return {
    ...(stdin && { stdin }),
    stdout,
    stderr,
    exit,
    resize: (rows, columns) => resize?.(rows, columns) ?? Promise.resolve(),
    close: () => {
      if (closed) return;
      closed = true;
      close();
    },
  };
}
