import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, uuid } from '@gantry/base';
import type { Payload } from './payload';

const CURRENT = '..data';

/**
 * Makes a folder hold exactly these files, so that a reader sees all old or all new ones, never a mixture:
 *
 * ```
 * ..<id>/key           the files
 * ..data -> ..<id>     swapped by one rename
 * key -> ..data/key    what the container reads
 * ```
 *
 * The layout is the one that Kubernetes documents for ConfigMap volumes and programs watch (`..data`).
 * Nothing is written when nothing differs. With a group, the files belong to it and it may read them.
 */
export async function writePayload(folder: string, payload: Payload, group?: number): Promise<void> {
  for (const path of payload.keys()) checkPath(path);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const before = await readlink(join(folder, CURRENT)).catch(ifMissing(undefined));
  if (before && (await holds(join(folder, before), payload, group))) return;
  const fresh = `..${uuid()}`;
  await writeFiles(join(folder, fresh), payload, group);
  await symlink(fresh, join(folder, `${CURRENT}_new`)).catch(async () => {
    // Left by a process that died here.
    await rm(join(folder, `${CURRENT}_new`), { force: true });
    await symlink(fresh, join(folder, `${CURRENT}_new`));
  });
  await rename(join(folder, `${CURRENT}_new`), join(folder, CURRENT));
  await linkNames(folder, payload);
  await removeOthers(folder, fresh);
}

async function writeFiles(folder: string, payload: Payload, group: number | undefined): Promise<void> {
  await mkdir(folder, { mode: 0o755 });
  for (const [path, { data, mode }] of payload) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o755 });
    await writeFile(file, data);
    if (group !== undefined) await chown(file, 0, group);
    await chmod(file, fileMode(mode, group));
  }
}

const fileMode = (mode: number, group: number | undefined): number => (group === undefined ? mode : mode | 0o040);

async function holds(folder: string, payload: Payload, group: number | undefined): Promise<boolean> {
  const files = await filesBelow(folder).catch(ifMissing([]));
  if (files.length !== payload.size) return false;
  for (const [path, { data, mode }] of payload) {
    const file = join(folder, path);
    const [content, facts] = await Promise.all([
      readFile(file).catch(ifMissing(undefined)),
      stat(file).catch(ifMissing(undefined)),
    ]);
    if (!content?.equals(data) || (facts!.mode & 0o777) !== fileMode(mode, group)) return false;
  }
  return true;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

async function linkNames(folder: string, payload: Payload): Promise<void> {
  const names = new Set([...payload.keys()].map((path) => path.split('/')[0]!));
  const present = (await readdir(folder)).filter((name) => !name.startsWith('..'));
  for (const name of present) {
    if (!names.has(name)) await rm(join(folder, name), { force: true });
  }
  for (const name of names) {
    if (!present.includes(name)) await symlink(join(CURRENT, name), join(folder, name));
  }
}

async function removeOthers(folder: string, current: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith('..') && name !== CURRENT && name !== current) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }
}

function checkPath(path: string): void {
  const parts = path.split('/');
  if (path === '' || parts.some((part) => part === '..' || part === '') || path.startsWith('..')) {
    throw new Error(`invalid path in volume: ${JSON.stringify(path)}`);
  }
}

const ifMissing =
  <T>(value: T) =>
  (error: unknown): T => {
    if (errorCode(error) === 'ENOENT') return value;
    throw error;
  };
