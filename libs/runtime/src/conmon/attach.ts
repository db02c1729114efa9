import { closeSync, constants, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { SeqpacketSocket } from 'node-unix-socket';
import { failed } from '../errors';

/** Bytes a client may leave unread before it is dropped: conmon stops for nobody, and neither do other clients. */
const UNREAD_LIMIT = 16 * 1024 * 1024;

/** The first byte of a packet of the error stream; 2 is the output stream. */
const STDERR = 3;

export interface Attachment {
  stdin?: Writable;
  stdout: PassThrough;
  stderr: PassThrough;
  close(): void;
}

/**
 * Connects to the stdio of a monitored process. Each packet from conmon is a byte that names the stream, then data;
 * what is written goes to stdin as it is.
 */
export function attach(socketPath: string, stdin: boolean): Promise<Attachment> {
  const socket = new SeqpacketSocket();
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const end = (error?: Error) => {
    for (const stream of [stdout, stderr]) {
      if (error) stream.destroy(error);
      else stream.end();
    }
    socket.destroy();
  };
  socket.on('data', (packet: Buffer) => {
    const stream = packet[0] === STDERR ? stderr : stdout;
    if (stream.destroyed || stream.writableEnded) return;
    stream.write(Buffer.from(packet.subarray(1)));
    if (stream.readableLength + stream.writableLength > UNREAD_LIMIT) end(failed('the output was not read: dropped'));
  });
  socket.on('end', () => {
    end();
  });
  return new Promise((resolve, reject) => {
    socket.on('error', (error: Error) => {
      end(error);
      reject(error);
    });
    connectByFolder(socket, socketPath, () => {
      resolve({
        ...(stdin && { stdin: inputOf(socket) }),
        stdout,
        stderr,
        close: () => {
          end();
        },
      });
    });
  });
}

/** The name of a socket has at most 107 bytes, its folder's may be longer: the folder goes by a descriptor. */
function connectByFolder(socket: SeqpacketSocket, path: string, onConnect: () => void): void {
  const folder = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    socket.connect(`/proc/self/fd/${folder}/${basename(path)}`, onConnect);
  } finally {
    closeSync(folder);
  }
}

/** conmon reads packets of at most this size and would cut longer ones. */
const PACKET_BYTES = 8192;

function inputOf(socket: SeqpacketSocket): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (let start = 0; start < chunk.length; start += PACKET_BYTES) {
        const length = Math.min(PACKET_BYTES, chunk.length - start);
        socket.write(
          chunk,
          start,
          length,
          start + length === chunk.length
            ? () => {
                done();
              }
            : undefined,
        );
      }
      if (chunk.length === 0) done();
    },
    final(done) {
      socket.end();
      done();
    },
  });
}

/** conmon's words for its control pipe. */
const ControlMessage = { resize: 1, reopenLog: 2 } as const;

async function control(controlPath: string, message: number, a: number, b: number): Promise<void> {
  // Without O_NONBLOCK the open would wait for a monitor that may be dead.
  const file = await open(controlPath, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    await file.write(`${message} ${a} ${b}\n`);
  } finally {
    await file.close();
  }
}

export const resizeTerminal = (controlPath: string, rows: number, columns: number): Promise<void> =>
  control(controlPath, ControlMessage.resize, rows, columns);

/** Has the monitor open its log anew after it was renamed: not a line is lost. */
export const reopenLog = (controlPath: string): Promise<void> => control(controlPath, ControlMessage.reopenLog, 0, 0);
