import type { Clock } from '@gantry/base';
import type { CgroupHierarchy } from './cgroups/hierarchy';
import type { OciRuntime } from './conmon/oci-runtime';
import type { ContainerTable } from './containers/container-table';
import type { ImageStore } from './images/image-store';
import type { Logger } from './logger';
import type { Paths } from './paths';
import type { FilterCache } from './seccomp/filter-cache';
import type { SandboxStore } from './sandboxes/sandbox-store';
import type { SnapshotStore } from './snapshots/snapshot-store';
import type { HostAbilities } from './spec/host-abilities';

/** The parts that the operations on containers work with. */
export interface Engine {
  readonly paths: Paths;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly cgroups: CgroupHierarchy;
  /** Every cgroup of this engine lies below it. */
  readonly cgroupParent: string;
  readonly abilities: HostAbilities;
  readonly oci: OciRuntime;
  readonly filters: FilterCache;
  /** Path of the conmon program. */
  readonly conmon: string;
  readonly table: ContainerTable;
  readonly sandboxes: SandboxStore;
  readonly images: ImageStore;
  readonly snapshots: SnapshotStore;
}
