import { mkdir, stat, writeFile } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import type { HostPathVolumeSource } from '@gantry/api';
import { errorCode } from '@gantry/base';

type Kind = [what: string, holds: (stats: Stats) => boolean];

const kinds: Record<string, Kind> = {
  Directory: ['directory', (stats) => stats.isDirectory()],
  DirectoryOrCreate: ['directory', (stats) => stats.isDirectory()],
  File: ['file', (stats) => stats.isFile()],
  FileOrCreate: ['file', (stats) => stats.isFile()],
  Socket: ['socket', (stats) => stats.isSocket()],
  CharDevice: ['character device', (stats) => stats.isCharacterDevice()],
  BlockDevice: ['block device', (stats) => stats.isBlockDevice()],
};

/** Sees to it that the path of the node is what the pod expects, making it when the type says so. */
export async function checkHostPath({ path, type }: HostPathVolumeSource): Promise<void> {
  if (!type) return;
  const kind = kinds[type];
  if (!kind) throw new Error(`hostPath type ${type} is unknown`);
  const stats = await stat(path).catch(async (error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
    return make(path, type);
  });
  if (!stats || !kind[1](stats)) throw new Error(`hostPath type check failed: ${path} is not a ${kind[0]}`);
}

async function make(path: string, type: string): Promise<Stats | undefined> {
  if (type === 'DirectoryOrCreate') await mkdir(path, { recursive: true, mode: 0o755 });
  else if (type === 'FileOrCreate') await writeFile(path, '', { flag: 'a', mode: 0o644 });
  else return undefined;
  return stat(path);
}
