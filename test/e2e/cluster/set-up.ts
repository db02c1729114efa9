import { readPidFile } from '../../../libs/hosts/src';
import { CHECKOUT, succeed } from './command';

/** Starts the cluster as a stranger would. */
export default async function setUp(): Promise<void> {
  if (await readPidFile(`${CHECKOUT}/.gantry/run/supervisor.pid`)) {
    throw new Error('a cluster runs in this checkout: the tests need the machine to themselves (npm run down)');
  }
  const began = performance.now();
  const told = await succeed('npm', ['run', '-s', 'up'], { timeout: 180_000 });
  process.stderr.write(`${told}\nup after ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
}
