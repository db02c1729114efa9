import { digestOf, isDigest, type Digest } from './digest';
import { indexMediaTypes, manifestMediaTypes, MediaType } from './media-types';

/** Points at content (OCI image spec, descriptor). */
export interface Descriptor {
  mediaType: string;
  digest: Digest;
  /** Bytes. */
  size: number;
  urls?: string[];
  annotations?: Record<string, string>;
  artifactType?: string;
  platform?: Platform;
}

export interface Platform {
  os: string;
  architecture: string;
  variant?: string;
}

export interface ImageManifest {
  schemaVersion: 2;
  mediaType?: string;
  artifactType?: string;
  config: Descriptor;
  layers: Descriptor[];
  subject?: Descriptor;
  annotations?: Record<string, string>;
}

/** An OCI index or a Docker manifest list: one image for several platforms. */
export interface ImageIndex {
  schemaVersion: 2;
  mediaType?: string;
  artifactType?: string;
  manifests: Descriptor[];
  subject?: Descriptor;
  annotations?: Record<string, string>;
}

/** A manifest as it was received: its digest is that of exactly these bytes. */
export type Manifest = { digest: Digest; mediaType: string; bytes: Buffer } & (
  { kind: 'image'; content: ImageManifest } | { kind: 'index'; content: ImageIndex }
);

export class InvalidManifest extends Error {
  override name = 'InvalidManifest';
}

/** Bytes: what the distribution spec asks registries to accept at least, and the most we do. */
export const MANIFEST_MAX_BYTES = 4 * 1024 * 1024;

/** Far above what can be mounted; a bound on the work that one manifest causes. */
const MAX_DESCRIPTORS = 1000;

/**
 * Reads and checks a manifest or index. The media type is the one it was sent with; the one inside must agree,
 * and layers and manifests must not stand together: else one document could mean two things (CVE-2021-41190).
 * Throws {@link InvalidManifest}.
 */
export function parseManifest(bytes: Buffer, contentType?: string): Manifest {
  if (bytes.length > MANIFEST_MAX_BYTES) {
    throw new InvalidManifest(`manifest is larger than ${MANIFEST_MAX_BYTES} bytes`);
  }
  const content = parseJsonObject(bytes, 'manifest');
  if (content.schemaVersion !== 2) {
    throw new InvalidManifest(`unsupported manifest schemaVersion ${JSON.stringify(content.schemaVersion)}`);
  }
  const mediaType = mediaTypeOf(content, contentType);
  if ('layers' in content && 'manifests' in content) {
    throw new InvalidManifest('manifest has both layers and manifests');
  }
  if (content.subject !== undefined) checkDescriptor(content.subject, 'subject');
  const identity = { digest: digestOf(bytes), mediaType, bytes };
  if (indexMediaTypes.includes(mediaType)) {
    checkDescriptors(content.manifests, 'manifests');
    return { ...identity, kind: 'index', content: content as unknown as ImageIndex };
  }
  checkDescriptor(content.config, 'config');
  checkDescriptors(content.layers, 'layers');
  return { ...identity, kind: 'image', content: content as unknown as ImageManifest };
}

/** What a manifest cannot be used without. Its subject is not among it: that may come later or never. */
export function referencedContent(manifest: Manifest): Descriptor[] {
  return manifest.kind === 'index' ? manifest.content.manifests : [manifest.content.config, ...manifest.content.layers];
}

function mediaTypeOf(content: Record<string, unknown>, contentType?: string): string {
  const sent = contentType?.split(';')[0]!.trim().toLowerCase();
  const inside = content.mediaType;
  if (inside !== undefined && typeof inside !== 'string') throw new InvalidManifest('mediaType is not a string');
  if (sent && inside && sent !== inside) {
    throw new InvalidManifest(`manifest was sent as ${sent} but says that it is ${inside}`);
  }
  const guess = 'manifests' in content ? MediaType.ociIndex : MediaType.ociManifest;
  const mediaType = sent || inside || guess;
  if (!manifestMediaTypes.includes(mediaType)) {
    throw new InvalidManifest(
      `unsupported manifest media type ${mediaType}; supported: ${manifestMediaTypes.join(', ')}`,
    );
  }
  return mediaType;
}

function checkDescriptors(value: unknown, field: string): void {
  if (!Array.isArray(value)) throw new InvalidManifest(`${field} is missing or not a list`);
  if (value.length > MAX_DESCRIPTORS) throw new InvalidManifest(`${field} has more than ${MAX_DESCRIPTORS} entries`);
  value.forEach((entry, i) => {
    checkDescriptor(entry, `${field}[${i}]`);
  });
}

function checkDescriptor(value: unknown, field: string): void {
  if (!isObject(value)) throw new InvalidManifest(`${field} is missing or not an object`);
  const { mediaType, digest, size } = value;
  if (typeof mediaType !== 'string' || mediaType === '') throw new InvalidManifest(`${field} has no mediaType`);
  if (typeof digest !== 'string' || !isDigest(digest)) throw new InvalidManifest(`${field} has an invalid digest`);
  if (!Number.isSafeInteger(size) || (size as number) < 0) throw new InvalidManifest(`${field} has an invalid size`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parses UTF-8 JSON that must be an object. Throws {@link InvalidManifest} that names it by `what`. */
export function parseJsonObject(bytes: Buffer, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new InvalidManifest(`${what} is not valid JSON`, { cause: error });
  }
  if (!isObject(value)) throw new InvalidManifest(`${what} is not a JSON object`);
  return value;
}
