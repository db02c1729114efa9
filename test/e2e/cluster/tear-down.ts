import { readdirSync, readFileSync } from 'node:fs';
import { succeed } from './command';

/** Stops the cluster, and fails if it leaves anything on the machine. */
export default async function tearDown(): Promise<void> {
  await succeed('npm', ['run', '-s', 'down', '--', '--purge'], { timeout: 60_000 });
  const left = [...(await leftovers())];
  if (left.length > 0) throw new Error(`the cluster left on the machine:\n${left.join('\n')}`);
}

async function leftovers(): Promise<string[]> {
  const lines = (text: string, pattern: RegExp): string[] => text.split('\n').filter((line) => pattern.test(line));
  const cgroups = readdirSync('/sys/fs/cgroup').flatMap((root) => {
    try {
      return readdirSync(`/sys/fs/cgroup/${root}`)
        .filter((name) => name === 'gantry')
        .map((name) => `cgroup ${root}/${name}`);
    } catch {
      return [];
    }
  });
  return [
    ...lines(
      await succeed('ps', ['-eo', 'pid,args']),
      /\/\.gantry\/|conmon .*gantry|dist\/apps\/(agent|registry|control-plane)/,
    ),
    ...lines(readFileSync('/proc/self/mounts', 'utf8'), /gantry/),
    ...lines(await succeed('ip', ['link']), /gantry0|gp-node/),
    ...lines(await succeed('ip', ['route']), /10\.(77|244|96)\.0\.0/),
    ...lines(await succeed('ip', ['netns', 'list']), /./),
    ...lines(await succeed('nft', ['list', 'tables']), /gantry/),
    ...cgroups,
  ];
}
