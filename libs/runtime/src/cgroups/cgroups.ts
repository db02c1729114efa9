import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CgroupHierarchy } from './hierarchy';
import { CgroupV1 } from './v1';
import { CgroupV2 } from './v2';

const CGROUP_MOUNT = '/sys/fs/cgroup';

/** What this machine has. Hybrid counts as v1: the controllers are there. */
export const openCgroups = (mountPoint = CGROUP_MOUNT): CgroupHierarchy =>
  existsSync(join(mountPoint, 'cgroup.controllers')) ? new CgroupV2(mountPoint) : new CgroupV1(mountPoint);

/** Whether controllers stand on v1 while others are free on a mounted v2: crun before 1.9 refuses to work there. */
export function hasHybridControllers(mountPoint = CGROUP_MOUNT): boolean {
  const controllers = join(mountPoint, 'unified', 'cgroup.controllers');
  return existsSync(controllers) && readFileSync(controllers, 'utf8').trim() !== '';
}
