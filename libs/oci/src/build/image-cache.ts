import { createReadStream } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, writeFileDurably } from '@gantry/base';
import type { BlobSource } from '../client/blob-upload';
import { digestHex, digestOf, type Digest } from '../digest';
import type { Descriptor } from '../manifest';

/**
 * Images that were built, on disk:
 *
 *     blobs/sha256/<hex>     layers, configurations and manifests, as in an OCI image layout
 *     built/<hex>.json       descriptor of the manifest that was made from these inputs
 */
export class ImageCache {
  constructor(private readonly folder: string) {}

  async put(mediaType: string, bytes: Buffer): Promise<Descriptor> {
    const digest = digestOf(bytes);
    const exists = await access(this.path(digest)).then(
      () => true,
      () => false,
    );
    if (!exists) await writeFileDurably(this.path(digest), bytes, 0o644);
    return { mediaType, digest, size: bytes.length };
  }

  read(digest: Digest): Promise<Buffer> {
    return readFile(this.path(digest));
  }

  source({ digest, size }: Descriptor): BlobSource {
    const path = this.path(digest);
    return {
      digest,
      size,
      open: (start, end) => (start === end ? Buffer.alloc(0) : createReadStream(path, { start, end: end - 1 })),
    };
  }

  async built(inputs: Digest): Promise<Descriptor | undefined> {
    try {
      return JSON.parse(await readFile(this.record(inputs), 'utf8')) as Descriptor;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async remember(inputs: Digest, manifest: Descriptor): Promise<void> {
    await writeFileDurably(this.record(inputs), JSON.stringify(manifest), 0o644);
  }

  private path(digest: Digest): string {
    return join(this.folder, 'blobs', 'sha256', digestHex(digest));
  }

  private record(inputs: Digest): string {
    return join(this.folder, 'built', `${digestHex(inputs)}.json`);
  }
}
