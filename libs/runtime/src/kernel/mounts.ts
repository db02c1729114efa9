import { execFile } from 'node:child_process';
import { readFile, statfs } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode } from '@gantry/base';
import { mount, MountFlag, unmount } from './libc';

/** mount(2) takes one page of options, with its terminating zero. */
const OPTIONS_LIMIT = 4095;

export interface Overlay {
  /** Folder that holds all layers, for the short form of their paths. */
  base: string;
  /** Names in the base, uppermost first. */
  lower: string[];
  upper: string;
  work: string;
  target: string;
}

/** Mounts an overlay by a system call, or by mount(8) with relative paths when there are too many layers for one. */
export async function mountOverlay({ base, lower, upper, work, target }: Overlay): Promise<void> {
  const options = (lowerPaths: string[]) =>
    `lowerdir=${lowerPaths.map(escapePath).join(':')},upperdir=${escapePath(upper)},workdir=${escapePath(work)}`;
  const absolute = options(lower.map((name) => `${base}/${name}`));
  if (Buffer.byteLength(absolute) <= OPTIONS_LIMIT) {
    mount('overlay', target, 'overlay', 0, absolute);
    return;
  }
  // Layers are resolved against the working directory of whoever mounts, and ours must not change.
  await promisify(execFile)('mount', ['-t', 'overlay', 'overlay', '-o', options(lower), target], { cwd: base });
}

const escapePath = (path: string): string => path.replace(/[\\:,]/g, (special) => `\\${special}`);

export function bindMount(source: string, target: string): void {
  mount(source, target, 'none', MountFlag.bind, null);
}

/** Unmounts what is mounted there, if anything is. */
export async function unmountIfMounted(target: string): Promise<void> {
  try {
    await unmount(target);
  } catch (error) {
    if (!['EINVAL', 'ENOENT'].includes(errorCode(error) ?? '')) throw error;
  }
}

/** Mount points at or below the folder, deepest first. */
export async function mountsBelow(folder: string): Promise<string[]> {
  const mountInfo = await readFile('/proc/self/mountinfo', 'utf8');
  return mountInfo
    .split('\n')
    .map((line) => line.split(' ')[4])
    .filter((path) => path !== undefined)
    .map((path) => path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))))
    .filter((path) => path === folder || path.startsWith(`${folder}/`))
    .reverse();
}

const NSFS_MAGIC = 0x6e736673;

/** Whether a namespace is pinned at the path: after a reboot only an empty file is left there. */
export async function isNamespace(path: string): Promise<boolean> {
  try {
    return (await statfs(path)).type === NSFS_MAGIC;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
