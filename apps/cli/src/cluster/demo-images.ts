import { resolve } from 'node:path';
import { ImageBuilder, ImageCache, pushImage, readRecipes, RegistryClient } from '@gantry/oci';
import type { Layout } from './layout';

/** Recipes of the demo images, in the checkout. */
const RECIPES = resolve(__dirname, '../../../deploy/images');

/** Makes the demo images, unless an earlier run has, and brings them to the cluster's registry. */
export async function pushDemoImages(layout: Layout): Promise<void> {
  const cache = new ImageCache(layout.imageCache);
  const built = await new ImageBuilder(cache, await readRecipes(RECIPES)).build();
  const client = new RegistryClient();
  try {
    for (const image of built) {
      const target = { domain: `127.0.0.1:${layout.settings.registryPort}`, path: image.repository };
      await pushImage(image, cache, client.repository(target, { push: true }));
    }
  } finally {
    client.close();
  }
}
