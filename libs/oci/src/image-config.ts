import { isDigest, type Digest } from './digest';
import { InvalidManifest, parseJsonObject, type ImageManifest } from './manifest';

/** The configuration of an image (OCI image spec, config): its digest is the image id. */
export interface ImageConfiguration {
  architecture: string;
  os: string;
  variant?: string;
  /** RFC 3339. */
  created?: string;
  author?: string;
  config?: ProcessDefaults;
  /** Digests of the uncompressed layers, lowest first. */
  rootfs: { type: 'layers'; diff_ids: Digest[] };
  history?: { created?: string; created_by?: string; comment?: string; empty_layer?: boolean }[];
}

/** What a container of the image runs unless told otherwise. Docker's field names. */
export interface ProcessDefaults {
  User?: string;
  Env?: string[];
  Entrypoint?: string[];
  Cmd?: string[];
  WorkingDir?: string;
  StopSignal?: string;
  ExposedPorts?: Record<string, object>;
  Volumes?: Record<string, object>;
  Labels?: Record<string, string>;
}

/** Bytes; the same as for a manifest. */
export const CONFIG_MAX_BYTES = 4 * 1024 * 1024;

/** Reads an image's configuration and checks that it fits the manifest. Throws {@link InvalidManifest}. */
export function parseImageConfiguration(bytes: Buffer, manifest: ImageManifest): ImageConfiguration {
  if (bytes.length > CONFIG_MAX_BYTES) {
    throw new InvalidManifest(`image config is larger than ${CONFIG_MAX_BYTES} bytes`);
  }
  const content = parseJsonObject(bytes, 'image config') as Partial<ImageConfiguration>;
  for (const field of ['architecture', 'os'] as const) {
    if (typeof content[field] !== 'string') throw new InvalidManifest(`image config has no ${field}`);
  }
  const diffIds: unknown = content.rootfs?.diff_ids;
  if (!Array.isArray(diffIds) || !diffIds.every((id) => typeof id === 'string' && isDigest(id))) {
    throw new InvalidManifest('image config has no valid rootfs.diff_ids');
  }
  if (diffIds.length !== manifest.layers.length) {
    throw new InvalidManifest(`image config names ${diffIds.length} layers, its manifest ${manifest.layers.length}`);
  }
  return content as ImageConfiguration;
}
