import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, rm, rmdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, sleep, type Clock } from '@gantry/base';
import type { ContainerStats, Resources } from '../runtime';
import { CgroupV1 } from './v1';
import { CgroupV2 } from './v2';

export const CGROUP_MOUNT = '/sys/fs/cgroup';

/** The accounts and limits of a group of processes. Paths are absolute within the hierarchies (`/gantry/node-1/…`). */
export interface CgroupHierarchy {
  readonly version: 1 | 2;
  /** Folders at the top of each mounted hierarchy. */
  readonly roots: string[];
  stats(path: string): ContainerStats;
  /** Sets the given limits and leaves the others. */
  update(path: string, resources: Resources): void;
  processes(path: string): number[];
}

/** What this machine has. Hybrid counts as v1: the controllers are there. */
export const openCgroups = (mountPoint = CGROUP_MOUNT): CgroupHierarchy =>
  existsSync(join(mountPoint, 'cgroup.controllers')) ? new CgroupV2(mountPoint) : new CgroupV1(mountPoint);

/** Whether controllers stand on v1 while others are free on a mounted v2: crun before 1.9 refuses to work there. */
export function hasHybridControllers(mountPoint = CGROUP_MOUNT): boolean {
  const controllers = join(mountPoint, 'unified', 'cgroup.controllers');
  return existsSync(controllers) && readFileSync(controllers, 'utf8').trim() !== '';
}

export const readNumber = (file: string): number | undefined => {
  const text = readText(file);
  return text === undefined || text === 'max' ? undefined : Number(text);
};

/** Undefined when the file is not there: the controller is missing, or the group ended meanwhile. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (['ENOENT', 'ENODEV'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** The `name value` lines of a kernel file. */
export function readTable(file: string): Map<string, number> {
  const lines = readText(file)?.split('\n') ?? [];
  return new Map(
    lines.map((line) => line.split(' ') as [string, string]).map(([name, value]) => [name, Number(value)]),
  );
}

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
