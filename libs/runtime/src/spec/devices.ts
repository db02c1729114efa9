import { readdirSync, statSync, type Dirent, type Stats } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '@gantry/base';
import type { OciDevice, OciResources } from './oci-spec';

type DeviceRule = OciResources['devices'][number];

const character = (major: number, minor: number | undefined): DeviceRule => ({
  allow: true,
  type: 'c',
  major,
  ...(minor !== undefined && { minor }),
  access: 'rwm',
});

const UNIX98_PTY_MAJOR = 136;

/** Nodes may be made of any device, but only the harmless ones opened: null, zero, full, random, urandom, tty, console, ptmx, pts. */
export const defaultDeviceRules: DeviceRule[] = [
  { allow: false, access: 'rwm' },
  { allow: true, type: 'c', access: 'm' },
  { allow: true, type: 'b', access: 'm' },
  ...[3, 5, 7, 8, 9].map((minor) => character(1, minor)),
  ...[0, 1, 2].map((minor) => character(5, minor)),
  character(UNIX98_PTY_MAJOR, undefined),
];

export const allDeviceRules: DeviceRule[] = [{ allow: true, access: 'rwm' }];

/** Those the container gets a terminal, shared memory and message queues of its own for. */
const ownFolders = new Set(['pts', 'shm', 'mqueue', 'fd', 'console', 'ptmx']);

/** Every device node of the node: what a privileged container sees. */
export function hostDevices(folder = '/dev'): OciDevice[] {
  const devices: OciDevice[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (folder === '/dev' && ownFolders.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) devices.push(...hostDevices(path));
    else devices.push(...deviceOf(path, entry));
  }
  return devices;
}

function deviceOf(path: string, entry: Dirent): OciDevice[] {
  if (!entry.isCharacterDevice() && !entry.isBlockDevice()) return [];
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  const { major, minor } = splitDevice(stats.rdev);
  const { mode, uid, gid } = stats;
  return [{ path, type: entry.isBlockDevice() ? 'b' : 'c', major, minor, fileMode: mode & 0o777, uid, gid }];
}

/** glibc's encoding of device numbers (makedev(3)). */
function splitDevice(rdev: number): { major: number; minor: number } {
  const device = BigInt(rdev);
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn & 0xffffffffn);
  return { major: Number(major), minor: Number(minor) };
}
