import { Readable } from 'node:stream';
import type { Clock } from '@gantry/base';
import { ContentMismatch, DigestVerifier, isDigest, type Digest } from '../digest';
import { InvalidManifest, MANIFEST_MAX_BYTES, parseManifest, type Descriptor, type Manifest } from '../manifest';
import { manifestMediaTypes } from '../media-types';
import { downloadBlob } from './blob-download';
import { uploadBlob, type BlobSource, type UploadOptions } from './blob-upload';
import type { EndpointSession, RetryPolicy } from './endpoint-session';
import { allFailed, RegistryError } from './registry-error';

export interface BlobOptions {
  /** Has seen the bytes that the caller already holds: the stream then goes on after them. */
  verifier?: DigestVerifier;
  signal?: AbortSignal;
}

const accept = { accept: manifestMediaTypes.join(', ') };

/** One repository, read from its mirrors and its registry, written to its registry. Failures are {@link RegistryError}s. */
export class Repository {
  constructor(
    /** In the order they are asked; the registry itself comes last. */
    private readonly sessions: EndpointSession[],
    private readonly clock: Clock,
    private readonly retry: RetryPolicy,
  ) {}

  /** What a tag or digest points at, without fetching it; undefined if the registry does not say its digest. */
  async resolve(tagOrDigest: string, signal?: AbortSignal): Promise<Digest | undefined> {
    return this.fromFirst(async (session) => {
      const request = { method: 'HEAD' as const, target: `manifests/${tagOrDigest}`, headers: accept, signal };
      const response = await session.request(request);
      response.resume();
      const digest = response.headers['docker-content-digest'];
      return typeof digest === 'string' && isDigest(digest) ? digest : undefined;
    });
  }

  /** A manifest or index, checked; by digest also verified. */
  async manifest(tagOrDigest: string, signal?: AbortSignal): Promise<Manifest> {
    return this.fromFirst(async (session) => {
      const request = { method: 'GET' as const, target: `manifests/${tagOrDigest}`, headers: accept, signal };
      const response = await session.request(request);
      const bytes = await collect(response, MANIFEST_MAX_BYTES);
      if (isDigest(tagOrDigest)) verify(bytes, tagOrDigest);
      return parseManifest(bytes, response.headers['content-type']);
    });
  }

  /** The blob's bytes; the stream fails with ContentMismatch at its end if they are not what the descriptor says. */
  blob(descriptor: Descriptor, { verifier, signal }: BlobOptions = {}): Readable {
    const bytes = downloadBlob({
      verifier: verifier ?? new DigestVerifier(descriptor.digest, descriptor.size),
      open: (headers) =>
        this.fromFirst((session) =>
          session.request({ method: 'GET', target: `blobs/${descriptor.digest}`, headers, signal }),
        ),
      clock: this.clock,
      retry: this.retry,
      signal,
    });
    return Readable.from(bytes, { objectMode: false, highWaterMark: 1024 * 1024 });
  }

  /** A small blob (an image's configuration) in memory. */
  async blobBytes(descriptor: Descriptor, maxBytes: number, signal?: AbortSignal): Promise<Buffer> {
    if (descriptor.size > maxBytes) {
      throw new RegistryError('SIZE_INVALID', `${descriptor.digest} is larger than ${maxBytes} bytes`, 200);
    }
    return collect(this.blob(descriptor, { signal }), maxBytes);
  }

  async hasBlob(digest: Digest, signal?: AbortSignal): Promise<boolean> {
    return this.atRegistry(async (session) => {
      try {
        (await session.request({ method: 'HEAD', target: `blobs/${digest}`, signal })).resume();
        return true;
      } catch (error) {
        if (error instanceof RegistryError && error.status === 404) return false;
        throw error;
      }
    });
  }

  /** Uploads the blob unless it is there. */
  async pushBlob(source: BlobSource, options: UploadOptions = {}): Promise<void> {
    if (await this.hasBlob(source.digest, options.signal)) return;
    const { clock, retry } = this;
    try {
      await this.atRegistry((session) => uploadBlob(session, source, options, { clock, retry }));
    } catch (error) {
      // The answer to the last piece may have been lost: the upload is gone then because it is finished.
      const gone = error instanceof RegistryError && error.code === 'BLOB_UPLOAD_UNKNOWN';
      if (!gone || !(await this.hasBlob(source.digest, options.signal))) throw error;
    }
  }

  /** Stores a manifest whose content is there already, and points the tag at it. */
  async pushManifest(tagOrDigest: string, mediaType: string, bytes: Buffer, signal?: AbortSignal): Promise<void> {
    const headers = { 'content-type': mediaType, 'content-length': String(bytes.length) };
    await this.atRegistry(async (session) => {
      const target = `manifests/${tagOrDigest}`;
      (await session.request({ method: 'PUT', target, headers, body: () => bytes, signal })).resume();
    });
  }

  /** A mirror may be down, lack the image, or hold rubbish: the next endpoint is asked then. */
  private async fromFirst<T>(read: (session: EndpointSession) => Promise<T>): Promise<T> {
    const failures: { host: string; error: RegistryError }[] = [];
    for (const session of this.sessions) {
      try {
        return await read(session);
      } catch (error) {
        failures.push({ host: session.host, error: asRegistryError(error) });
      }
    }
    throw allFailed(failures);
  }

  private async atRegistry<T>(write: (session: EndpointSession) => Promise<T>): Promise<T> {
    const session = this.sessions.at(-1)!;
    try {
      return await write(session);
    } catch (error) {
      throw allFailed([{ host: session.host, error: asRegistryError(error) }]);
    }
  }
}

/** Rethrows what is not the registry's doing, such as an abort. */
function asRegistryError(error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  if (error instanceof InvalidManifest || error instanceof ContentMismatch) {
    return new RegistryError('MANIFEST_INVALID', error.message, 200, { cause: error });
  }
  throw error;
}

function verify(bytes: Buffer, digest: Digest): void {
  const verifier = new DigestVerifier(digest);
  verifier.update(bytes);
  verifier.verify();
}

async function collect(stream: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw new RegistryError('SIZE_INVALID', `answer is larger than ${maxBytes} bytes`, 200);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
