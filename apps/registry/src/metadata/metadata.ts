import type { Digest } from '@gantry/oci';

/**
 * What the registry knows about its content: which repository holds which blobs and manifests, and what tags point at.
 * Small and changing, where blobs are large and fixed; so it can live elsewhere. A change that has resolved is durable.
 * `metadataSuite` tests this on every implementation.
 */
export interface Metadata {
  hasBlob(repository: string, digest: Digest): Promise<boolean>;
  addBlob(repository: string, digest: Digest): Promise<void>;
  /** True if it was there. */
  removeBlob(repository: string, digest: Digest): Promise<boolean>;

  manifest(repository: string, digest: Digest): Promise<ManifestRecord | undefined>;
  /** Adds the manifest and, when it names a subject, makes it one of that subject's referrers. */
  addManifest(repository: string, record: ManifestRecord): Promise<void>;
  /** Removes the manifest and every tag that points at it. True if it was there. */
  removeManifest(repository: string, digest: Digest): Promise<boolean>;
  /** Manifests of the repository that name this subject, whether that exists or not. */
  referrers(repository: string, subject: Digest): Promise<ManifestRecord[]>;

  tag(repository: string, tag: string): Promise<Digest | undefined>;
  setTag(repository: string, tag: string, digest: Digest): Promise<void>;
  /** True if it was there. */
  removeTag(repository: string, tag: string): Promise<boolean>;

  /** Tags in byte order; undefined if the repository holds nothing. */
  tags(repository: string, page: Page): Promise<PageResult | undefined>;
  /** Names of the repositories that hold a manifest, in byte order. */
  repositories(page: Page): Promise<PageResult>;
}

/** A manifest as lists show it; its bytes are a blob. */
export interface ManifestRecord {
  digest: Digest;
  mediaType: string;
  size: number;
  artifactType?: string;
  annotations?: Record<string, string>;
  subject?: Digest;
}

export interface Page {
  /** At most so many. */
  limit: number;
  /** Only what comes after this name. */
  after?: string;
}

export interface PageResult {
  names: string[];
  /** There are names beyond the last one. */
  more: boolean;
}
