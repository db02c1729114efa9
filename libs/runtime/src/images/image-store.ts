import { readFile } from 'node:fs/promises';
import { errorCode, writeFileDurably } from '@gantry/base';
import { formatReference, isDigest, parseReference, repositoryName, type Digest } from '@gantry/oci';
import { invalid } from '../errors';
import { KeyedLock } from '../keyed-lock';
import type { Paths } from '../paths';
import type { Image } from '../runtime';

/** What is kept of an image. Its id is the digest of its configuration. */
export interface ImageRecord extends Image {
  id: Digest;
  manifest: Digest;
  /** Compressed layers, lowest first. */
  blobs: Digest[];
  /** Chain ids, lowest first. */
  chain: Digest[];
}

/** The images of the node: names and digests that mean an image, and the layers it consists of. One small file. */
export class ImageStore {
  private images = new Map<string, ImageRecord>();
  private readonly lock = new KeyedLock();

  constructor(private readonly paths: Paths) {}

  async open(): Promise<void> {
    try {
      const records = JSON.parse(await readFile(this.paths.images, 'utf8')) as ImageRecord[];
      this.images = new Map(records.map((record) => [record.id, record]));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }

  get(id: string): ImageRecord | undefined {
    return this.images.get(id);
  }

  list(): ImageRecord[] {
    return [...this.images.values()];
  }

  /** By id (with or without `sha256:`), tagged name or digest reference, in long or short form. Throws Invalid for what is no reference. */
  find(reference: string): ImageRecord | undefined {
    const byId = this.images.get(reference) ?? this.images.get(`sha256:${reference}`);
    if (byId || isDigest(reference) || /^[0-9a-f]{64}$/.test(reference)) return byId;
    const name = canonicalName(reference);
    return this.list().find(({ names, digests }) => names.includes(name) || digests.includes(name));
  }

  /** Adds or replaces an image; its names are taken from the images that had them. */
  put(record: ImageRecord): Promise<void> {
    return this.change((images) => {
      for (const other of images.values()) images.set(other.id, withoutNames(other, record.names));
      images.set(record.id, record);
    });
  }

  removeName(name: string): Promise<void> {
    return this.change((images) => {
      for (const image of images.values()) images.set(image.id, withoutNames(image, [name]));
    });
  }

  remove(id: string): Promise<void> {
    return this.change((images) => void images.delete(id));
  }

  private change(apply: (images: Map<string, ImageRecord>) => void): Promise<void> {
    return this.lock.run('images', async () => {
      const next = new Map(this.images);
      apply(next);
      await writeFileDurably(this.paths.images, JSON.stringify([...next.values()]));
      this.images = next;
    });
  }
}

/** `docker.io/library/busybox:latest` of `busybox`; with a digest, the digest alone decides. Throws Invalid. */
export function canonicalName(reference: string): string {
  try {
    const parsed = parseReference(reference);
    return parsed.digest ? `${repositoryName(parsed)}@${parsed.digest}` : formatReference(parsed);
  } catch (error) {
    throw invalid(`invalid image reference ${JSON.stringify(reference)}: ${(error as Error).message}`);
  }
}

const withoutNames = (image: ImageRecord, names: string[]): ImageRecord => ({
  ...image,
  names: image.names.filter((name) => !names.includes(name)),
});

export const toImage = ({ id, names, digests, size, created, config }: ImageRecord): Image => ({
  id,
  names,
  digests,
  size,
  ...(created !== undefined && { created }),
  config,
});
