import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { errorCode, uuid, writeFileDurably } from '@gantry/base';
import { ContentMismatch, digestAlgorithm, type Digest } from '@gantry/oci';
import type { RegistryPaths } from '../../paths';
import { UploadBusy, WrongOffset, type BlobStore, type ByteRange } from '../blob-store';
import { UploadDigests } from './upload-digests';

const READ_CHUNK_BYTES = 512 * 1024;

/** Blobs as files. See {@link RegistryPaths} for the tree. */
export class FilesystemBlobStore implements BlobStore {
  private readonly digests = new UploadDigests();
  private readonly busy = new Set<string>();

  constructor(private readonly paths: RegistryPaths) {}

  size(digest: Digest): Promise<number | undefined> {
    return sizeOf(this.paths.blob(digest));
  }

  async read(digest: Digest, range?: ByteRange): Promise<Readable> {
    const file = await open(this.paths.blob(digest), 'r');
    return createReadStream('', { fd: file, ...range, highWaterMark: READ_CHUNK_BYTES });
  }

  async put(digest: Digest, content: Buffer): Promise<void> {
    const path = this.paths.blob(digest);
    if ((await sizeOf(path)) === undefined) await writeFileDurably(path, content, 0o644);
  }

  async delete(digest: Digest): Promise<void> {
    await rm(this.paths.blob(digest), { force: true });
  }

  async startUpload(repository: string): Promise<string> {
    const id = uuid();
    await mkdir(this.paths.uploadsOf(repository), { recursive: true });
    await (await open(this.paths.upload(repository, id), 'wx')).close();
    return id;
  }

  uploadSize(repository: string, id: string): Promise<number | undefined> {
    return sizeOf(this.paths.upload(repository, id));
  }

  async append(repository: string, id: string, offset: number, content: Readable): Promise<number> {
    const path = this.paths.upload(repository, id);
    return this.exclusively(path, async () => {
      const file = await open(path, 'r+');
      try {
        const { size } = await file.stat();
        if (size !== offset) throw new WrongOffset(size);
        return await this.write(file, path, offset, content);
      } finally {
        await file.close();
      }
    });
  }

  async finish(repository: string, id: string, digest: Digest): Promise<void> {
    const path = this.paths.upload(repository, id);
    await this.exclusively(path, async () => {
      const found = await this.digestOfUpload(path, digest);
      if (found !== digest) {
        await rm(path, { force: true });
        throw new ContentMismatch(`content has digest ${found} instead of ${digest}`);
      }
      await sync(path, 'r+');
      const target = this.paths.blob(digest);
      await mkdir(dirname(target), { recursive: true });
      await rename(path, target);
      await sync(dirname(target), 'r');
    });
  }

  async cancel(repository: string, id: string): Promise<void> {
    const path = this.paths.upload(repository, id);
    this.digests.forget(path);
    await rm(path, { force: true });
  }

  async cancelIdleUploads(since: number): Promise<number> {
    let cancelled = 0;
    for (const entry of await filesBelow(this.paths.uploads)) {
      const found = await stat(entry).catch(() => undefined);
      if (!found || found.mtimeMs >= since || this.busy.has(entry)) continue;
      await rm(entry, { force: true });
      cancelled++;
    }
    return cancelled;
  }

  /** Each chunk is hashed while it is on its way to the disk. */
  private async write(file: FileHandle, path: string, offset: number, content: Readable): Promise<number> {
    const hash = this.digests.take(path, offset);
    let size = offset;
    let writing: Promise<void> = Promise.resolve();
    try {
      // When the disk is full the client shall hear of it, so its connection is not torn down with the loop.
      for await (const chunk of content.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        await writing;
        writing = writeFully(file, chunk, size);
        writing.catch(() => undefined); // Seen at the next await; until then it must not count as unhandled.
        hash?.update(chunk);
        size += chunk.length;
      }
    } finally {
      await writing;
      if (hash) this.digests.keep(path, size, hash);
    }
    return size;
  }

  private async digestOfUpload(path: string, wanted: Digest): Promise<string> {
    const algorithm = digestAlgorithm(wanted);
    const known = this.digests.take(path, (await stat(path)).size);
    if (known && algorithm === 'sha256') return `sha256:${known.digest('hex')}`;
    const hash = createHash(algorithm);
    for await (const chunk of createReadStream(path, { highWaterMark: READ_CHUNK_BYTES })) hash.update(chunk as Buffer);
    return `${algorithm}:${hash.digest('hex')}`;
  }

  private async exclusively<T>(path: string, work: () => Promise<T>): Promise<T> {
    if (this.busy.has(path)) throw new UploadBusy('another request is adding to this upload');
    this.busy.add(path);
    try {
      return await work();
    } finally {
      this.busy.delete(path);
    }
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeFully(file: FileHandle, chunk: Buffer, position: number): Promise<void> {
  for (let written = 0; written < chunk.length;) {
    const { bytesWritten } = await file.write(chunk, written, chunk.length - written, position + written);
    written += bytesWritten;
  }
}

async function sync(path: string, flags: 'r' | 'r+'): Promise<void> {
  const file = await open(path, flags);
  try {
    await (flags === 'r' ? file.sync() : file.datasync());
  } finally {
    await file.close();
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
