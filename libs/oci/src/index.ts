/**
 * Container images by the OCI specifications (image 1.1, distribution 1.1) and their Docker forerunners:
 * `reference` (names), `digest` (content addresses), `manifest`, `image-config`, `platform` (what an image consists of),
 * `client/` (talking to registries), `build/` (making images from Debian packages).
 */
export { ImageBuilder, type BuiltImage } from './build/image-builder';
export { ImageCache } from './build/image-cache';
export { parseRecipe, readRecipes, type ImageRecipe } from './build/image-recipe';
export { packLayer, type Layer, type LayerEntry } from './build/layer';
export { pushImage } from './build/push-image';
export type { Credentials } from './client/authorizer';
export type { BlobSource, UploadOptions } from './client/blob-upload';
export type { RetryPolicy } from './client/endpoint-session';
export {
  RegistryClient,
  type RegistryClientSettings,
  type RepositoryOptions,
  type ResolvedImage,
} from './client/registry-client';
export { RegistryError } from './client/registry-error';
export { Repository, type BlobOptions } from './client/repository';
export * from './digest';
export * from './image-config';
export * from './manifest';
export * from './media-types';
export * from './platform';
export * from './reference';
