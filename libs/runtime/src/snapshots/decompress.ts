import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { errorCode } from '@gantry/base';
import { failed } from '../errors';
import { InvalidLayer } from './tar-header';

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** By the first bytes, for media types are sometimes wrong about it. */
export async function* decompress(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < ZSTD.length) {
    const next = await iterator.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = resume(head, iterator);
  if (head.subarray(0, GZIP.length).equals(GZIP)) yield* gunzip(whole);
  else if (head.subarray(0, ZSTD.length).equals(ZSTD)) yield* unzstd(whole);
  else yield* whole;
}

async function* resume(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* gunzip(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = Readable.from(source, { objectMode: false });
  const output = createGunzip({ chunkSize: 128 * 1024 });
  input.on('error', (error) => output.destroy(error));
  try {
    yield* input.pipe(output) as AsyncIterable<Buffer>;
  } catch (error) {
    if (errorCode(error)?.startsWith('Z_')) throw new InvalidLayer('damaged gzip data', { cause: error });
    throw error;
  } finally {
    input.destroy();
  }
}

/** Node 20 has no zstd of its own. */
async function* unzstd(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const child = spawn('zstd', ['-d', '-c', '-q'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const input = Readable.from(source, { objectMode: false });
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', (error) => {
      reject(failed('cannot run zstd (Debian: apt-get install zstd)', error));
    });
    input.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new InvalidLayer(`damaged zstd data (exit ${code})`));
    });
  });
  ended.catch(() => undefined);
  child.stdin.on('error', () => undefined);
  input.on('error', () => child.kill('SIGKILL'));
  input.pipe(child.stdin);
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    await ended;
  } finally {
    input.destroy();
    child.kill('SIGKILL');
  }
}
