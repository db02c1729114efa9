import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { backoffDelay, sleep, type Clock } from '@gantry/base';
import type { Digest } from '../digest';
import type { EndpointSession, RetryPolicy } from './endpoint-session';
import { RegistryError } from './registry-error';

/** Content to be pushed, readable from any position as often as it takes. */
export interface BlobSource {
  digest: Digest;
  size: number;
  /** Bytes from `start` up to, not including, `end`. */
  open(start: number, end: number): Readable | Buffer;
}

export interface UploadOptions {
  /** Bytes per request; everything in one unless given. */
  chunkSize?: number;
  /** A repository of the same registry that holds the blob already: nothing is sent if the registry can mount it. */
  mountFrom?: string;
  signal?: AbortSignal;
}

/** Sends a blob; after a broken connection it goes on from where the registry stands. */
export async function uploadBlob(
  session: EndpointSession,
  source: BlobSource,
  { chunkSize = source.size, mountFrom, signal }: UploadOptions,
  { clock, retry }: { clock: Clock; retry: RetryPolicy },
): Promise<void> {
  const mount = mountFrom === undefined ? '' : `?mount=${source.digest}&from=${encodeURIComponent(mountFrom)}`;
  const started = await session.request({ method: 'POST', target: `blobs/uploads/${mount}`, headers: empty, signal });
  started.resume();
  if (started.statusCode === 201) return;
  let location = locationOf(started, session.base);
  for (let sent = 0, failures = 0; ;) {
    const end = Math.min(source.size, sent + Math.max(chunkSize, 1));
    const last = end === source.size;
    try {
      const answer = await session.request(piece(location, source, sent, end, last, signal));
      answer.resume();
      if (last) return;
      location = locationOf(answer, session.base);
      [sent, failures] = [end, 0];
    } catch (error) {
      // Part of the piece may have arrived: the registry says where it stands.
      const resumable = error instanceof RegistryError && (error.transient || error.status === 416);
      if (!resumable || ++failures >= retry.attempts) throw error;
      await sleep(clock, backoffDelay(retry, failures), signal);
      const status = await session.request({ method: 'GET', target: location, signal });
      status.resume();
      location = locationOf(status, session.base);
      sent = receivedBytes(status);
    }
  }
}

const empty = { 'content-length': '0' };

function piece(location: URL, source: BlobSource, start: number, end: number, last: boolean, signal?: AbortSignal) {
  const target = new URL(location);
  if (last) target.searchParams.set('digest', source.digest);
  const headers: Record<string, string> = {
    'content-type': 'application/octet-stream',
    'content-length': String(end - start),
  };
  if (end > start && !(last && start === 0)) headers['content-range'] = `${start}-${end - 1}`;
  const method = last ? ('PUT' as const) : ('PATCH' as const);
  return { method, target, headers, body: () => source.open(start, end), once: true, signal };
}

function locationOf(response: IncomingMessage, base: URL): URL {
  const { location } = response.headers;
  if (!location)
    throw new RegistryError('BLOB_UPLOAD_INVALID', 'the registry gave no upload location', response.statusCode);
  return new URL(location, base);
}

/** `Range: 0-N` of an upload's status; an upload without bytes says `0-0` or nothing at all. */
function receivedBytes(response: IncomingMessage): number {
  const last = Number(/-(\d+)$/.exec(response.headers.range ?? '')?.[1] ?? 0);
  return last === 0 ? 0 : last + 1;
}
