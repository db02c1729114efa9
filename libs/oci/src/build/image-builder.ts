import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { digestOf } from '../digest';
import { parseImageConfiguration, type ImageConfiguration } from '../image-config';
import { parseManifest, type Descriptor, type ImageManifest } from '../manifest';
import { MediaType } from '../media-types';
import { hostPlatform } from '../platform';
import { unpackDebianPackages } from './debian-packages';
import type { ImageCache } from './image-cache';
import { inBuildOrder, type ImageRecipe } from './image-recipe';
import { packLayer, type LayerEntry } from './layer';
import { PackageFiles } from './package-files';

export interface BuiltImage {
  repository: string;
  tags: string[];
  manifest: Descriptor;
}

/** To be raised when the same recipe shall give another image. */
const BUILDER_VERSION = 1;

/**
 * Builds images from recipes, without privileges and without a container: files of Debian packages are packed as layers.
 * What was built from the same recipe before is taken from the cache, with the package versions of that time.
 */
export class ImageBuilder {
  /** Folder with all packages unpacked; made when the first recipe needs it. */
  private packages?: Promise<string>;

  constructor(
    private readonly cache: ImageCache,
    private readonly recipes: ImageRecipe[],
  ) {}

  async build(): Promise<BuiltImage[]> {
    const built: BuiltImage[] = [];
    try {
      for (const recipe of inBuildOrder(this.recipes)) {
        const base = built.find(({ repository }) => repository === recipe.base)?.manifest;
        const { repository, tags } = recipe;
        built.push({ repository, tags, manifest: await this.fromCache(recipe, base) });
      }
      return built;
    } finally {
      const folder = await this.packages?.catch(() => undefined);
      if (folder) await rm(folder, { recursive: true, force: true });
      this.packages = undefined;
    }
  }

  private async fromCache(recipe: ImageRecipe, base?: Descriptor): Promise<Descriptor> {
    const inputs = digestOf(JSON.stringify([BUILDER_VERSION, hostPlatform(), recipe, base?.digest]));
    const known = await this.cache.built(inputs);
    if (known) return known;
    const manifest = await this.make(recipe, base);
    await this.cache.remember(inputs, manifest);
    return manifest;
  }

  private async make(recipe: ImageRecipe, base?: Descriptor): Promise<Descriptor> {
    const below = base ? await this.readImage(base) : { layers: [], diffIds: [], env: [] };
    const layer = await packLayer(await this.entriesOf(recipe));
    await this.cache.put(layer.descriptor.mediaType, layer.bytes);
    const configuration: ImageConfiguration = {
      ...hostPlatform(),
      config: { ...recipe.config, Env: [...below.env, ...(recipe.config.Env ?? [])] },
      rootfs: { type: 'layers', diff_ids: [...below.diffIds, layer.diffId] },
    };
    const manifest: ImageManifest = {
      schemaVersion: 2,
      mediaType: MediaType.ociManifest,
      config: await this.cache.put(MediaType.ociConfig, json(configuration)),
      layers: [...below.layers, layer.descriptor],
    };
    return this.cache.put(MediaType.ociManifest, json(manifest));
  }

  private async readImage({ digest }: Descriptor) {
    const manifest = parseManifest(await this.cache.read(digest)).content as ImageManifest;
    const { rootfs, config } = parseImageConfiguration(await this.cache.read(manifest.config.digest), manifest);
    return { layers: manifest.layers, diffIds: rootfs.diff_ids, env: config?.Env ?? [] };
  }

  private async entriesOf(recipe: ImageRecipe): Promise<LayerEntry[]> {
    const entries: LayerEntry[] = [];
    if (recipe.files?.length) entries.push(...(await this.packageFiles(recipe)));
    for (const [path, target] of Object.entries(recipe.links ?? {})) entries.push({ path, type: 'symlink', target });
    for (const [path, text] of Object.entries(recipe.text ?? {})) {
      entries.push({ path, type: 'file', mode: text.startsWith('#!') ? 0o755 : 0o644, content: Buffer.from(text) });
    }
    for (const [path, settings] of Object.entries(recipe.directories ?? {})) {
      const [mode, uid, gid] = settings.split(/[ :]/);
      const owner = { uid: Number(uid ?? 0), gid: Number(gid ?? 0) };
      entries.push({ path, type: 'directory', mode: Number.parseInt(mode!, 8), ...owner });
    }
    return entries;
  }

  private async packageFiles(recipe: ImageRecipe): Promise<LayerEntry[]> {
    this.packages ??= unpackAll(this.recipes);
    const root = await this.packages;
    const files = new PackageFiles(root);
    for (const path of recipe.files ?? []) await files.add(path);
    return recipe.applets ? [...files.entries, ...(await appletLinks(root, recipe.applets))] : files.entries;
  }
}

/** Once for all recipes: they share most of their libraries. */
async function unpackAll(recipes: ImageRecipe[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-packages-'));
  const names = new Set(recipes.flatMap(({ packages }) => packages ?? []));
  await unpackDebianPackages([...names], folder);
  return folder;
}

async function appletLinks(root: string, busybox: string): Promise<LayerEntry[]> {
  const { stdout } = await promisify(execFile)(join(root, busybox), ['--list-full']);
  const paths = stdout.split('\n').filter((line) => line !== '' && `/${line}` !== busybox);
  return paths.map((path) => ({ path: `/${path}`, type: 'symlink', target: busybox }));
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
