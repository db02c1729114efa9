import type { ContainerStats, Resources } from '../runtime';

/** The accounts and limits of a group of processes. Paths are absolute within the hierarchies (`/gantry/node-1/…`). */
export interface CgroupHierarchy {
  readonly version: 1 | 2;
  /** Folders at the top of each mounted hierarchy. */
  readonly roots: string[];
  stats(path: string): ContainerStats;
  /** Sets the given limits and leaves the others. */
  update(path: string, resources: Resources): void;
  processes(path: string): number[];
}
