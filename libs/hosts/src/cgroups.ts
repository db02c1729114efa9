import { readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '@gantry/base';
import { until } from './until';

/** Removes a cgroup with all below it from every hierarchy of the machine (v1, v2 and hybrid), ending what still runs there. */
export async function removeCgroups(path: string): Promise<void> {
  for (const root of await hierarchies()) await removeTree(join(root, path));
}

async function hierarchies(): Promise<string[]> {
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  return mounts
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type]) => type === 'cgroup' || type === 'cgroup2')
    .map(([, target]) => target!);
}

async function removeTree(folder: string): Promise<void> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  // A process that was killed leaves its cgroup only when the kernel has buried it.
  await until(`cgroup ${folder} to empty`, 10_000, async () => {
    await killMembers(folder);
    return rmdir(folder).then(
      () => true,
      (error: unknown) => {
        if (errorCode(error) === 'ENOENT') return true;
        throw error;
      },
    );
  });
}

async function killMembers(folder: string): Promise<void> {
  const members = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '');
  for (const pid of members.split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch (error) {
      if (errorCode(error) !== 'ESRCH') throw error;
    }
  }
}
