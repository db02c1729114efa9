import { Inject, Injectable } from '@nestjs/common';
import {
  digestAlgorithm,
  digestOf,
  InvalidManifest,
  isDigest,
  isTag,
  parseManifest,
  referencedContent,
  type Descriptor,
  type Digest,
  type Manifest,
} from '@gantry/oci';
import type { BlobStore } from '../drivers/blob-store';
import { RegistryFault } from '../errors';
import type { ManifestRecord, Metadata } from '../metadata/metadata';
import { BLOB_STORE, METADATA } from '../tokens';

/** A manifest's name within its repository, as it stands in URLs. */
export type ManifestName = { tag: string } | { digest: Digest };

/** Throws NotFound-like faults for what can be neither tag nor digest. */
export function manifestName(text: string): ManifestName {
  if (isDigest(text)) return { digest: text };
  if (text.includes(':')) throw new RegistryFault('DIGEST_INVALID', `${text} is not a digest this registry knows`);
  if (isTag(text)) return { tag: text };
  throw new RegistryFault('TAG_INVALID', 'a tag is at most 128 letters, digits, underscores, periods and dashes');
}

/** Manifests and the tags that point at them. */
@Injectable()
export class Manifests {
  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(METADATA) private readonly metadata: Metadata,
  ) {}

  async find(repository: string, name: ManifestName): Promise<ManifestRecord> {
    const digest = 'digest' in name ? name.digest : await this.metadata.tag(repository, name.tag);
    const record = digest && (await this.metadata.manifest(repository, digest));
    if (!record) throw new RegistryFault('MANIFEST_UNKNOWN', undefined, name);
    return record;
  }

  async bytes({ digest }: ManifestRecord): Promise<Buffer> {
    return Buffer.concat((await (await this.blobs.read(digest)).toArray()) as Buffer[]);
  }

  /** Stores a manifest whose content is in the repository already, and points the tag at it. */
  async put(repository: string, name: ManifestName, bytes: Buffer, contentType?: string): Promise<ManifestRecord> {
    const manifest = readManifest(bytes, contentType);
    const algorithm = 'digest' in name ? digestAlgorithm(name.digest) : 'sha256';
    const digest = digestOf(bytes, algorithm);
    if ('digest' in name && name.digest !== digest) throw new RegistryFault('DIGEST_INVALID');
    await this.checkContent(repository, manifest);
    const record = recordOf(manifest, digest);
    await this.blobs.put(digest, bytes);
    await this.metadata.addManifest(repository, record);
    if ('tag' in name) await this.metadata.setTag(repository, name.tag, digest);
    return record;
  }

  /** By tag: only the tag goes. By digest: the manifest and all its tags. */
  async remove(repository: string, name: ManifestName): Promise<void> {
    const removed =
      'tag' in name
        ? await this.metadata.removeTag(repository, name.tag)
        : await this.metadata.removeManifest(repository, name.digest);
    if (!removed) throw new RegistryFault('MANIFEST_UNKNOWN', undefined, name);
  }

  private async checkContent(repository: string, manifest: Manifest): Promise<void> {
    const sizeOf = async ({ digest }: Descriptor): Promise<number | undefined> => {
      if (manifest.kind === 'index') return (await this.metadata.manifest(repository, digest))?.size;
      return (await this.metadata.hasBlob(repository, digest)) ? this.blobs.size(digest) : undefined;
    };
    for (const descriptor of referencedContent(manifest).filter(isDistributable)) {
      const size = await sizeOf(descriptor);
      const { digest } = descriptor;
      if (size === undefined) throw new RegistryFault('MANIFEST_BLOB_UNKNOWN', undefined, { digest });
      if (size === descriptor.size) continue;
      throw new RegistryFault('MANIFEST_INVALID', `${digest} has ${size} bytes, not ${descriptor.size}`, { digest });
    }
  }
}

function readManifest(bytes: Buffer, contentType?: string): Manifest {
  try {
    return parseManifest(bytes, contentType);
  } catch (error) {
    if (error instanceof InvalidManifest) throw new RegistryFault('MANIFEST_INVALID', error.message);
    throw error;
  }
}

/** Foreign layers are fetched from their own URLs; no registry has to hold them. */
const isDistributable = ({ mediaType, urls }: Descriptor): boolean =>
  !urls?.length || !/nondistributable|foreign/.test(mediaType);

function recordOf({ mediaType, content, bytes, kind }: Manifest, digest: Digest): ManifestRecord {
  const artifactType = content.artifactType ?? (kind === 'image' ? content.config.mediaType : undefined);
  const { annotations, subject } = content;
  return { digest, mediaType, size: bytes.length, artifactType, annotations, subject: subject?.digest };
}
