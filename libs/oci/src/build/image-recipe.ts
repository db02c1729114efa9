import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ProcessDefaults } from '../image-config';
import { isRepositoryPath, isTag } from '../reference';

/** How an image is made from Debian packages and files beside the recipe. */
export interface ImageRecipe {
  repository: string;
  tags: string[];
  /** Repository of the recipe whose layers lie below this one's. */
  base?: string;
  /** Debian packages that `files` come from. */
  packages?: string[];
  /** Absolute paths in those packages; a folder means all that is in it. Shared libraries that programs need come along. */
  files?: string[];
  /** The busybox binary among `files`, under whose applets' names links are made. */
  applets?: string;
  /** Texts by the path they get: mode 0644, or 0755 when they begin with `#!`. */
  text?: Record<string, string>;
  /** Folders by path: an octal mode and, if not root's, `uid:gid` after a space. */
  directories?: Record<string, string>;
  /** Symbolic links by path: their target. */
  links?: Record<string, string>;
  config: ProcessDefaults;
}

/** A recipe as it stands in its file, where texts may be files of their own. */
type RecipeFile = ImageRecipe & {
  /** Files beside the recipe by the path they get. */
  copy?: Record<string, string>;
};

/** Reads every recipe (`*.yaml`) of a folder. Throws an Error that says what is wrong with one. */
export async function readRecipes(folder: string): Promise<ImageRecipe[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(
    names.map(async (name) => {
      const { copy, ...recipe } = parseRecipe(await readFile(join(folder, name), 'utf8'));
      const text = { ...recipe.text };
      for (const [path, file] of Object.entries(copy ?? {})) text[path] = await readFile(join(folder, file), 'utf8');
      return { ...recipe, text };
    }),
  );
}

/** Throws an Error that says what is wrong. */
export function parseRecipe(yaml: string): RecipeFile {
  const recipe = parse(yaml, { maxAliasCount: 10 }) as Partial<RecipeFile>;
  const { repository, tags, config } = recipe;
  if (!repository || !isRepositoryPath(repository)) throw new Error('recipe has no valid repository');
  if (!tags?.length || !tags.every((tag) => typeof tag === 'string' && isTag(tag))) {
    throw new Error(`recipe of ${repository} has no valid tags`);
  }
  if (!config) throw new Error(`recipe of ${repository} has no config`);
  const maps = [recipe.text, recipe.copy, recipe.directories, recipe.links];
  const paths = [...(recipe.files ?? []), ...maps.flatMap((map) => Object.keys(map ?? {}))];
  const wrong = paths.find((path) => !path.startsWith('/') || path.split('/').includes('..'));
  if (wrong !== undefined) throw new Error(`recipe of ${repository}: ${wrong} is not an absolute path`);
  return recipe as RecipeFile;
}

/** Recipes in the order they can be built: each after its base. */
export function inBuildOrder(recipes: ImageRecipe[]): ImageRecipe[] {
  const ordered: ImageRecipe[] = [];
  const visit = (recipe: ImageRecipe, above: ImageRecipe[]) => {
    if (ordered.includes(recipe)) return;
    if (above.includes(recipe)) throw new Error(`recipe of ${recipe.repository} is its own base`);
    const base = recipes.find(({ repository }) => repository === recipe.base);
    if (recipe.base && !base) throw new Error(`recipe of ${recipe.repository}: there is no recipe of ${recipe.base}`);
    if (base) visit(base, [...above, recipe]);
    ordered.push(recipe);
  };
  for (const recipe of recipes) visit(recipe, []);
  return ordered;
}
