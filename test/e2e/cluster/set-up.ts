import { existsSync } from 'node:fs';
import { succeed } from './command';

/** Starts the cluster as a stranger would. */
export default async function setUp(): Promise<void> {
  if (existsSync('/run/gantry')) {
    throw new Error('a cluster runs on this machine: the tests need it to themselves (npm run down)');
  }
  const began = performance.now();
  const told = await succeed('npm', ['run', '-s', 'up'], { timeout: 180_000 });
  process.stderr.write(`${told}\nup after ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
}
