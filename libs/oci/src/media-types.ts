/** Media types of the OCI image spec 1.1 and of Docker's image manifest version 2, schema 2, alike but for these names. */
export const MediaType = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  ociLayerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
} as const;

export const imageMediaTypes: readonly string[] = [MediaType.ociManifest, MediaType.dockerManifest];
export const indexMediaTypes: readonly string[] = [MediaType.ociIndex, MediaType.dockerIndex];
export const manifestMediaTypes: readonly string[] = [...imageMediaTypes, ...indexMediaTypes];

export type LayerCompression = 'none' | 'gzip' | 'zstd';

const OCI_LAYER = /^application\/vnd\.oci\.image\.layer\.(?:nondistributable\.)?v1\.tar(?:\+(gzip|zstd))?$/;
const DOCKER_LAYER = /^application\/vnd\.docker\.image\.rootfs\.(?:foreign\.)?diff\.tar(?:\.(gzip|zstd))?$/;

/** How a layer's bytes are compressed, or undefined when the media type is no layer of a file system. */
export function layerCompression(mediaType: string): LayerCompression | undefined {
  const match = OCI_LAYER.exec(mediaType) ?? DOCKER_LAYER.exec(mediaType);
  return match ? ((match[1] as LayerCompression | undefined) ?? 'none') : undefined;
}
