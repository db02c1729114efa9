import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The mounts of this process's mount namespace. */
export interface MountTable {
  isMountPoint(path: string): Promise<boolean>;
  /** Mount points at or below a path, innermost first. */
  below(path: string): Promise<string[]>;
  bind(source: string, target: string): Promise<void>;
  tmpfs(target: string, options: { sizeBytes?: number; mode?: number }): Promise<void>;
  unmount(target: string): Promise<void>;
}

export const kernelMounts: MountTable = {
  async isMountPoint(path) {
    return (await mountPoints()).includes(path);
  },

  async below(path) {
    const found = (await mountPoints()).filter((point) => point === path || point.startsWith(`${path}/`));
    return found.reverse();
  },

  async bind(source, target) {
    // Unresolved: the source may be an open file under /proc, which must not become a name again.
    await run('mount', ['--no-canonicalize', '--bind', source, target]);
  },

  async tmpfs(target, { sizeBytes, mode }) {
    const options = [`mode=${(mode ?? 0o777).toString(8)}`, ...(sizeBytes ? [`size=${sizeBytes}`] : [])];
    await run('mount', ['-t', 'tmpfs', '-o', options.join(','), 'tmpfs', target]);
  },

  async unmount(target) {
    await run('umount', [target]);
  },
};

/** In the order they were mounted. */
async function mountPoints(): Promise<string[]> {
  const table = await readFile('/proc/self/mountinfo', 'utf8');
  return table
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => unescape(line.split(' ')[4]!));
}

/** The kernel writes blanks and backslashes in paths as octal escapes. */
const unescape = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
