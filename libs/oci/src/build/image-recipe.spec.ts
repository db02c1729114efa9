import { resolve } from 'node:path';
import { inBuildOrder, parseRecipe, readRecipes, type ImageRecipe } from './image-recipe';

const recipe = (repository: string, base?: string): ImageRecipe => ({ repository, base, tags: ['v1'], config: {} });
const order = (...recipes: ImageRecipe[]) => inBuildOrder(recipes).map(({ repository }) => repository);

describe('recipes', () => {
  it('are built after their base', () => {
    expect(order(recipe('a', 'b'), recipe('b', 'c'), recipe('c'), recipe('d', 'c'))).toEqual(['c', 'b', 'a', 'd']);
  });

  it.each([
    ['recipe of a is its own base', [recipe('a', 'b'), recipe('b', 'a')]],
    ['recipe of a: there is no recipe of b', [recipe('a', 'b')]],
  ])('are refused: %s', (message, recipes) => {
    expect(() => inBuildOrder(recipes)).toThrow(message);
  });

  it.each([
    ['recipe has no valid repository', 'repository: A/b'],
    ['recipe of a has no valid tags', 'repository: a\ntags: []'],
    ['recipe of a has no valid tags', 'repository: a\ntags: [1.22]'],
    ['recipe of a has no config', 'repository: a\ntags: [v1]'],
    ['etc/passwd is not an absolute path', 'repository: a\ntags: [v1]\nconfig: {}\nfiles: [etc/passwd]'],
    ['/../x is not an absolute path', 'repository: a\ntags: [v1]\nconfig: {}\ntext: { /../x: y }'],
  ])('are refused: %s', (message, yaml) => {
    expect(() => parseRecipe(yaml)).toThrow(message);
  });

  it('of the demo images are all right', async () => {
    const recipes = await readRecipes(resolve('deploy/images'));
    expect(inBuildOrder(recipes)[0]?.repository).toBe('library/busybox');
    const worker = recipes.find(({ repository }) => repository === 'gantry/guestbook-worker');
    expect(worker?.text?.['/usr/local/bin/worker']).toMatch(/^#!\/bin\/sh/);
  });
});
