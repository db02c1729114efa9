import type { IncomingMessage } from 'node:http';
import { backoffDelay, sleep, type Clock } from '@gantry/base';
import type { DigestVerifier } from '../digest';
import type { RetryPolicy } from './endpoint-session';
import { noAnswer, RegistryError } from './registry-error';

export interface BlobDownload {
  verifier: DigestVerifier;
  /** Opens the blob's bytes, with a Range header unless from the start. Does its own retries until an answer begins. */
  open(headers: Record<string, string>): Promise<IncomingMessage>;
  clock: Clock;
  retry: RetryPolicy;
  signal?: AbortSignal;
}

/**
 * The bytes of a blob from where the verifier stands to the end. A connection that breaks is taken up again with a
 * Range request; only so many breaks without a byte in between are borne. Ends with the verifier's judgement.
 */
export async function* downloadBlob(download: BlobDownload): AsyncGenerator<Buffer> {
  const { verifier, retry, clock, signal } = download;
  for (let failures = 0; verifier.size === undefined || verifier.received < verifier.size;) {
    const before = verifier.received;
    const response = await download.open(before > 0 ? { range: `bytes=${before}-` } : {});
    const broken = yield* deliver(response, verifier);
    if (!broken && (verifier.size === undefined || verifier.received === verifier.size)) break;
    failures = verifier.received > before ? 1 : failures + 1;
    if (failures >= retry.attempts) throw noAnswer(broken ?? endedEarly(verifier));
    await sleep(clock, backoffDelay(retry, failures), signal);
  }
  verifier.verify();
}

/** Yields what the response still has to give; returns the error if the connection broke. */
async function* deliver(response: IncomingMessage, verifier: DigestVerifier): AsyncGenerator<Buffer, unknown> {
  let skip = surplus(response, verifier.received);
  const chunks = (response as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      let next: IteratorResult<Buffer>;
      try {
        next = await chunks.next();
      } catch (error) {
        return error;
      }
      if (next.done) return undefined;
      const chunk = skip > 0 ? next.value.subarray(skip) : next.value;
      skip = Math.max(0, skip - next.value.length);
      if (chunk.length === 0) continue;
      verifier.update(chunk);
      yield chunk;
    }
  } finally {
    response.destroy();
  }
}

/** Bytes at the answer's start that we have already: a server may ignore the Range header, or begin a little earlier. */
function surplus(response: IncomingMessage, received: number): number {
  if (response.statusCode !== 206) return received;
  const start = Number(/^bytes (\d+)-/.exec(response.headers['content-range'] ?? '')?.[1] ?? received);
  if (start > received) {
    response.destroy();
    throw new RegistryError('RANGE_INVALID', `range starts at ${start} instead of ${received}`, 206);
  }
  return received - start;
}

const endedEarly = ({ received, size, digest }: DigestVerifier): Error =>
  new Error(`connection closed after ${received} of ${size ?? 'unknown'} bytes of ${digest}`);
