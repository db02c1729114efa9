import { RegistryError } from '../client/registry-error';
import type { Repository } from '../client/repository';
import { parseManifest, referencedContent } from '../manifest';
import type { BuiltImage } from './image-builder';
import type { ImageCache } from './image-cache';

/** Brings a built image to a registry under its tags; what is there already is not sent again. */
export async function pushImage(image: BuiltImage, cache: ImageCache, repository: Repository): Promise<void> {
  const { mediaType, digest } = image.manifest;
  const bytes = await cache.read(digest);
  const missing: string[] = [];
  for (const tag of image.tags) if ((await resolved(repository, tag)) !== digest) missing.push(tag);
  if (missing.length === 0) return;
  const content = referencedContent(parseManifest(bytes, mediaType));
  await Promise.all(content.map((descriptor) => repository.pushBlob(cache.source(descriptor))));
  for (const tag of missing) await repository.pushManifest(tag, mediaType, bytes);
}

async function resolved(repository: Repository, tag: string): Promise<string | undefined> {
  try {
    return await repository.resolve(tag);
  } catch (error) {
    if (error instanceof RegistryError && error.status === 404) return undefined;
    throw error;
  }
}
