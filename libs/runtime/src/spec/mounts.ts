import { posix } from 'node:path';
import { invalid } from '../errors';
import type { Mount } from '../runtime';
import type { OciMount } from './oci-spec';

export interface BaseMountOptions {
  /** Shared by the containers of a sandbox; an own one otherwise. */
  shm?: string;
  writableKernel: boolean;
}

/** What every Linux program expects to find (OCI runtime spec, "default filesystems"). */
export function baseMounts({ shm, writableKernel }: BaseMountOptions): OciMount[] {
  const access = writableKernel ? 'rw' : 'ro';
  const safe = ['nosuid', 'noexec', 'nodev'];
  return [
    { destination: '/proc', type: 'proc', source: 'proc', options: safe },
    {
      destination: '/dev',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
    },
    {
      destination: '/dev/pts',
      type: 'devpts',
      source: 'devpts',
      options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
    },
    shm === undefined
      ? { destination: '/dev/shm', type: 'tmpfs', source: 'shm', options: [...safe, 'mode=1777', 'size=65536k'] }
      : { destination: '/dev/shm', type: 'bind', source: shm, options: ['rbind', ...safe] },
    { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: safe },
    { destination: '/sys', type: 'sysfs', source: 'sysfs', options: [...safe, access] },
    { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup', options: [...safe, 'relatime', access] },
  ];
}

/**
 * Adds the caller's mounts: one at the same place replaces a base mount, and a parent comes before what lies in it,
 * whatever order they were given in.
 */
export function mergeMounts(base: OciMount[], mounts: Mount[]): OciMount[] {
  const merged = new Map(base.map((mount) => [mount.destination, mount]));
  for (const mount of mounts) {
    const translated = translate(mount);
    merged.delete(translated.destination);
    merged.set(translated.destination, translated);
  }
  const depth = ({ destination }: OciMount) => (destination === '/' ? 0 : destination.split('/').length);
  return [...merged.values()].sort((a, b) => depth(a) - depth(b));
}

function translate(mount: Mount): OciMount {
  const destination = posix.normalize(mount.target).replace(/(.)\/$/, '$1');
  if (!destination.startsWith('/') || destination === '/')
    throw invalid(`invalid mount target ${JSON.stringify(mount.target)}`);
  const access = mount.readOnly ? 'ro' : 'rw';
  if (mount.type === 'tmpfs') {
    const size = mount.sizeBytes === undefined ? [] : [`size=${mount.sizeBytes}`];
    const mode = `mode=${(mount.mode ?? 0o1777).toString(8)}`;
    return { destination, type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev', access, mode, ...size] };
  }
  if (!mount.source?.startsWith('/')) throw invalid(`mount of ${destination} has no absolute source`);
  const propagation =
    mount.propagation === undefined || mount.propagation === 'private' ? 'rprivate' : mount.propagation;
  return { destination, type: 'bind', source: mount.source, options: ['rbind', access, propagation] };
}
