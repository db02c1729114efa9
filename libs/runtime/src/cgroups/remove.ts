import { readdir, readFile, rm, rmdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, sleep, type Clock } from '@gantry/base';
import type { CgroupHierarchy } from './hierarchy';

/**
 * Removes the group and the groups below it, as far as they hold no process. `keep` protects groups that are empty for
 * a moment only. A group stays busy for an instant after its last process ended, hence the few tries.
 */
export async function removeCgroup(
  hierarchy: CgroupHierarchy,
  path: string,
  clock: Clock,
  keep: (path: string) => boolean = () => false,
): Promise<void> {
  await Promise.all(hierarchy.roots.map((root) => removeBelow(root, path, clock, keep)));
}

async function removeBelow(root: string, path: string, clock: Clock, keep: (path: string) => boolean): Promise<void> {
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  for (const entry of entries) {
    if (entry.isDirectory()) await removeBelow(root, join(path, entry.name), clock, keep);
  }
  if (keep(path)) return;
  if (await isHierarchy(root)) await removeEmpty(join(root, path), clock);
  else await rm(join(root, path), { recursive: true, force: true });
}

const CGROUP_MAGIC = 0x27e0eb;
const CGROUP2_MAGIC = 0x63677270;

/** crun believes in a v2 hierarchy that was unmounted, and makes plain folders and files where it was. */
const isHierarchy = async (root: string): Promise<boolean> =>
  [CGROUP_MAGIC, CGROUP2_MAGIC].includes((await statfs(root)).type);

async function removeEmpty(folder: string, clock: Clock): Promise<void> {
  for (let tries = 5; tries > 0; tries--) {
    try {
      await rmdir(folder);
      return;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return;
      if (!['EBUSY', 'ENOTEMPTY'].includes(errorCode(error) ?? '')) throw error;
      const members = await readFile(join(folder, 'cgroup.procs'), 'latin1').catch(() => '');
      if (members !== '') return;
      await sleep(clock, 10);
    }
  }
}
