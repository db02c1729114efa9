import { constants, type BigIntStats } from 'node:fs';
import { mkdir, open, realpath, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { errorCode } from '@gantry/base';
import type { MountTable } from './mount-table';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
const O_PATH = 0o10000000;

/**
 * Pins a path inside a volume to a mount of its own, so that the container gets exactly what was checked: links that
 * stay in the volume are resolved first, then every component is opened without following any, and what is mounted is the open file, not a name that a container
 * sharing the volume could swap meanwhile. A missing folder is made. Throws for a path that leaves the volume.
 */
export async function pinSubPath(volume: string, subPath: string, target: string, mounts: MountTable): Promise<void> {
  if (await mounts.isMountPoint(target)) return;
  const handle = await openWithin(volume, await withoutLinks(volume, subPath));
  try {
    const source = await handle.stat({ bigint: true });
    await makeTarget(target, source);
    // The child process that mounts sees our open file through our entry in /proc.
    await mounts.bind(`/proc/${process.pid}/fd/${handle.fd}`, target);
  } finally {
    await handle.close();
  }
}

/**
 * The same place by a path without links, as far as it exists: keys of a ConfigMap are links inside their volume.
 * It only finds the way; what is opened is checked again on that way.
 */
async function withoutLinks(volume: string, subPath: string): Promise<string> {
  try {
    const [root, place] = await Promise.all([realpath(volume), realpath(join(volume, subPath))]);
    return relative(root, place);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return subPath;
    throw error;
  }
}

async function openWithin(volume: string, subPath: string): Promise<FileHandle> {
  const parts = subPath.split('/').filter((text) => text !== '' && text !== '.');
  if (parts.includes('..')) throw new Error(`subPath ${JSON.stringify(subPath)} leaves its volume`);
  let handle = await open(volume, O_RDONLY | O_DIRECTORY);
  for (const part of parts) {
    const parent = handle;
    try {
      handle = await openChild(`/proc/self/fd/${parent.fd}/${part}`);
    } finally {
      await parent.close();
    }
    if ((await handle.stat()).isSymbolicLink()) {
      await handle.close();
      throw new Error(`subPath ${JSON.stringify(subPath)} goes through a symbolic link`);
    }
  }
  return handle;
}

async function openChild(path: string): Promise<FileHandle> {
  try {
    return await open(path, O_PATH | O_NOFOLLOW);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    await mkdir(path, 0o755);
    return open(path, O_PATH | O_NOFOLLOW);
  }
}

async function makeTarget(target: string, source: BigIntStats): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o750 });
  if (source.isDirectory()) await mkdir(target, { recursive: true, mode: 0o750 });
  else if (!(await stat(target).catch(() => undefined))) await writeFile(target, '');
}
