import { watch } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { errorCode, type Clock } from '@gantry/base';
import type { LogLine, LogOptions } from '../runtime';
import { LineSplitter, parseLogLine } from './k8s-file';
import { rotatedPath } from './rotation';
import { findTail } from './tail';

const BLOCK_BYTES = 64 * 1024;

/** Milliseconds after which a follower looks by itself, where the file system tells of no change. */
const POLL_INTERVAL = 1000;

export interface LogSource {
  path: string;
  clock: Clock;
  /** Resolves when nothing more will be written. */
  ended(signal: AbortSignal): Promise<void>;
}

/** Reads a container's log through its rotated files, and on while the container writes if `follow` is set. */
export async function* readLogs(source: LogSource, options: LogOptions): AsyncGenerator<LogLine> {
  const files = await openFiles(source.path, options.tail);
  try {
    for (const [i, file] of files.entries()) {
      const isCurrent = i === files.length - 1;
      for await (const chunk of isCurrent && options.follow ? follow(source, file, options.signal) : readOn(file)) {
        for (const line of file.splitter.push(chunk)) {
          options.signal?.throwIfAborted();
          const parsed = parseLogLine(line);
          if (parsed && isWithin(parsed, options)) yield parsed;
        }
      }
    }
  } finally {
    await Promise.all(files.map(({ handle }) => handle.close()));
  }
}

interface OpenFile {
  handle: FileHandle;
  position: number;
  splitter: LineSplitter;
}

const openFile = async (path: string): Promise<OpenFile> => ({
  handle: await open(path, 'r'),
  position: 0,
  splitter: new LineSplitter(),
});

/** The files that hold what was asked for, oldest first, each positioned at its beginning or where the tail begins. */
async function openFiles(path: string, tail: number | undefined): Promise<OpenFile[]> {
  const files: OpenFile[] = [];
  let missing = tail ?? Number.POSITIVE_INFINITY;
  try {
    for (let generation = 0; missing > 0 || generation === 0; generation++) {
      const file = await openFile(generation === 0 ? path : rotatedPath(path, generation));
      files.unshift(file);
      if (tail === undefined) continue;
      const { offset, lines } = await findTail(file.handle, missing);
      file.position = offset;
      missing -= lines;
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      await Promise.all(files.map(({ handle }) => handle.close()));
      throw error;
    }
  }
  return files;
}

/** Chunks up to the end of the file as it is now. */
async function* readOn(file: OpenFile): AsyncGenerator<Buffer> {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  for (;;) {
    const { bytesRead } = await file.handle.read(block, 0, BLOCK_BYTES, file.position);
    if (bytesRead === 0) return;
    file.position += bytesRead;
    yield block.subarray(0, bytesRead);
  }
}

/** Chunks as they are written, through rotations, until the container has ended and everything was read. */
async function* follow(source: LogSource, file: OpenFile, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const leave = new AbortController();
  const onAbort = () => {
    leave.abort(signal!.reason);
  };
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  let ended = false;
  const end = source.ended(leave.signal).then(
    () => void (ended = true),
    () => undefined,
  );
  try {
    for (;;) {
      // Looked at before reading: what was written before the end is then read after it.
      const last = ended;
      yield* readOn(file);
      if (last || leave.signal.aborted) return;
      if (await followRotation(source.path, file)) continue;
      await nextChange(source, file, end, leave.signal);
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    leave.abort();
  }
}

/** Goes over to the new file when the log was rotated: all of the old one is read by then. */
async function followRotation(path: string, file: OpenFile): Promise<boolean> {
  const [current, own] = await Promise.all([stat(path).catch(() => undefined), file.handle.stat()]);
  if (!current || current.ino === own.ino || file.position < own.size) return false;
  const next = await openFile(path);
  await file.handle.close();
  Object.assign(file, next);
  return true;
}

async function nextChange(source: LogSource, file: OpenFile, end: Promise<void>, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      watcher?.close();
      void timer.close();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = source.clock.after(POLL_INTERVAL, done);
    const watcher = watchOrPoll(source.path, done);
    signal.addEventListener('abort', done, { once: true });
    void end.then(done);
    // What was written between the last read and the watch would otherwise wait for the poll.
    void file.handle.stat().then(({ size }) => {
      if (size > file.position) done();
    }, done);
  });
}

function watchOrPoll(path: string, onChange: () => void): { close(): void } | undefined {
  try {
    const watcher = watch(path, onChange);
    watcher.on('error', onChange);
    return watcher;
  } catch {
    // No watches left, or the file is just being replaced: the poll finds what changes.
    return undefined;
  }
}

function isWithin({ time }: LogLine, { since, until }: LogOptions): boolean {
  if (since === undefined && until === undefined) return true;
  const at = Date.parse(time);
  return (since === undefined || at >= since) && (until === undefined || at <= until);
}
