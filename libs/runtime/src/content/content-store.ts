import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  ContentMismatch,
  digestAlgorithm,
  digestHex,
  digestOf,
  DigestVerifier,
  type Descriptor,
  type Digest,
} from '@gantry/oci';
import { errorCode, writeFileDurably } from '@gantry/base';
import type { Paths } from '../paths';

/**
 * Blobs under the digest of what they hold. A blob is there wholly and verified, or not at all: it arrives in a file
 * aside, which stays when the connection breaks, and the next try goes on where it ended.
 */
export class ContentStore {
  constructor(private readonly paths: Paths) {}

  async open(): Promise<void> {
    await mkdir(this.paths.partialContent, { recursive: true });
  }

  path(digest: Digest): string {
    return join(this.paths.content, digestAlgorithm(digest), digestHex(digest));
  }

  private partialPath(digest: Digest): string {
    return join(this.paths.partialContent, digest.replace(':', '-'));
  }

  has(digest: Digest): Promise<boolean> {
    return stat(this.path(digest)).then(
      () => true,
      () => false,
    );
  }

  read(digest: Digest): Promise<Buffer> {
    return readFile(this.path(digest));
  }

  async write(digest: Digest, bytes: Buffer): Promise<void> {
    const found = digestOf(bytes, digestAlgorithm(digest));
    if (found !== digest) throw new ContentMismatch(`content has digest ${found} instead of ${digest}`);
    if (!(await this.has(digest))) await writeFileDurably(this.path(digest), bytes);
  }

  /**
   * The blob's bytes from its first, on their way into the store: what an earlier try left, then what `fetch` brings
   * after it. The blob is stored when the iteration ends without an error. One at a time for one digest.
   */
  async *receive(descriptor: Descriptor, fetch: (verifier: DigestVerifier) => Readable): AsyncGenerator<Buffer> {
    const { digest, size } = descriptor;
    if (await this.has(digest)) {
      yield* createReadStream(this.path(digest), { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>;
      return;
    }
    const file = await open(this.partialPath(digest), 'a+', 0o600);
    try {
      const verifier = new DigestVerifier(digest, size);
      yield* alreadyHere(file, verifier);
      for await (const chunk of fetch(verifier) as AsyncIterable<Buffer>) {
        await file.appendFile(chunk);
        yield chunk;
      }
      await file.datasync();
    } catch (error) {
      if (isMismatch(error)) await rm(this.partialPath(digest), { force: true });
      throw error;
    } finally {
      await file.close();
    }
    await this.keep(digest);
  }

  private async keep(digest: Digest): Promise<void> {
    await mkdir(dirname(this.path(digest)), { recursive: true });
    await rename(this.partialPath(digest), this.path(digest));
  }

  async remove(digest: Digest): Promise<void> {
    await Promise.all([this.path(digest), this.partialPath(digest)].map((path) => rm(path, { force: true })));
  }

  /** Digests of all stored blobs, and of what has arrived in part. */
  async list(): Promise<Digest[]> {
    const names = async (folder: string) =>
      readdir(folder).catch((error: unknown) => {
        if (errorCode(error) === 'ENOENT') return [];
        throw error;
      });
    const whole = (['sha256', 'sha512'] as const).map(async (algorithm) =>
      (await names(join(this.paths.content, algorithm)))
        .filter((name) => !name.startsWith('.'))
        .map((hex): Digest => `${algorithm}:${hex}`),
    );
    const partial = (await names(this.paths.partialContent)).map((name) => name.replace('-', ':') as Digest);
    return [...(await Promise.all(whole)).flat(), ...partial];
  }
}

const READ_BYTES = 256 * 1024;

async function* alreadyHere(file: FileHandle, verifier: DigestVerifier): AsyncGenerator<Buffer> {
  for (let position = 0; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    const chunk = buffer.subarray(0, bytesRead);
    verifier.update(chunk);
    yield chunk;
  }
}

/** The client wraps what a registry sent wrongly into its own error. */
const isMismatch = (error: unknown): boolean =>
  error instanceof ContentMismatch || (error instanceof Error && isMismatch(error.cause));
