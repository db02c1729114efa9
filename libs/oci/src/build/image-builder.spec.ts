import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '../digest';
import { parseImageConfiguration } from '../image-config';
import { parseManifest, type ImageManifest } from '../manifest';
import { ImageBuilder } from './image-builder';
import { ImageCache } from './image-cache';
import type { ImageRecipe } from './image-recipe';

const base: ImageRecipe = { repository: 'base', tags: ['v1'], text: { '/a': 'a' }, config: { Env: ['A=1'] } };
const top: ImageRecipe = {
  repository: 'top',
  tags: ['v1'],
  base: 'base',
  text: { '/b': 'b' },
  config: { Env: ['B=2'] },
};

describe('ImageBuilder', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'images-'))));
  afterEach(() => rm(folder, { recursive: true }));
  const build = (recipes: ImageRecipe[], cache = new ImageCache(folder)) => new ImageBuilder(cache, recipes).build();

  it('stacks an image on its base', async () => {
    const cache = new ImageCache(folder);
    const [below, above] = await build([top, base], cache);
    const read = async (digest: Digest) => parseManifest(await cache.read(digest)).content as ImageManifest;
    const manifest = await read(above!.manifest.digest);
    expect(manifest.layers).toHaveLength(2);
    expect(manifest.layers[0]).toEqual((await read(below!.manifest.digest)).layers[0]);
    const configuration = parseImageConfiguration(await cache.read(manifest.config.digest), manifest);
    expect(configuration.config?.Env).toEqual(['A=1', 'B=2']);
  });

  it('gives the same images from the same recipes, elsewhere too', async () => {
    const first = await build([base, top]);
    expect(await build([base, top])).toEqual(first);
    expect(await build([base, top], new ImageCache(join(folder, 'other')))).toEqual(first);
  });

  it('builds anew what stands on a changed base', async () => {
    const [, before] = await build([base, top]);
    const [, after] = await build([{ ...base, text: { '/a': 'changed' } }, top]);
    expect(after!.manifest.digest).not.toBe(before!.manifest.digest);
  });
});
