import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerStats, Resources } from '../runtime';
import type { CgroupHierarchy } from './hierarchy';
import { readNumber, readTable, readText } from './kernel-files';

/** The kernel's word for "no limit" in bytes is the largest page-aligned number. */
const UNLIMITED = 2 ** 62;

/** cgroup v1: one hierarchy per controller (docs.kernel.org/admin-guide/cgroup-v1). */
export class CgroupV1 implements CgroupHierarchy {
  readonly version = 1;
  readonly roots: string[];

  constructor(private readonly mountPoint: string) {
    // cpu,cpuacct may be mounted together with links beside them: the folders themselves are enough.
    this.roots = existsSync(mountPoint)
      ? readdirSync(mountPoint)
          .map((name) => join(mountPoint, name))
          .filter((folder) => statSync(folder).isDirectory())
      : [];
  }

  private file(controller: string, path: string, name: string): string {
    return join(this.mountPoint, controller, path, name);
  }

  stats(path: string): ContainerStats {
    const memory = readTable(this.file('memory', path, 'memory.stat'));
    const used = readNumber(this.file('memory', path, 'memory.usage_in_bytes')) ?? 0;
    const limit = readNumber(this.file('memory', path, 'memory.limit_in_bytes')) ?? UNLIMITED;
    const cpu = readTable(this.file('cpu', path, 'cpu.stat'));
    return {
      cpuNanoseconds: readNumber(this.file('cpuacct', path, 'cpuacct.usage')) ?? 0,
      memoryBytes: used,
      memoryWorkingSetBytes: Math.max(0, used - (memory.get('total_inactive_file') ?? 0)),
      ...(limit < UNLIMITED && { memoryLimitBytes: limit }),
      pids: readNumber(this.file('pids', path, 'pids.current')) ?? 0,
      periods: cpu.get('nr_periods') ?? 0,
      throttledPeriods: cpu.get('nr_throttled') ?? 0,
    };
  }

  update(path: string, resources: Resources): void {
    const { cpuShares, cpuPeriod, cpuQuota, cpusetCpus, pids } = resources;
    const set = (controller: string, name: string, value: number | string | undefined) => {
      if (value !== undefined) writeFileSync(this.file(controller, path, name), String(value));
    };
    set('cpu', 'cpu.shares', cpuShares);
    set('cpu', 'cpu.cfs_period_us', cpuPeriod);
    set('cpu', 'cpu.cfs_quota_us', cpuQuota);
    set('cpuset', 'cpuset.cpus', cpusetCpus);
    set('pids', 'pids.max', pids !== undefined && pids <= 0 ? 'max' : pids);
    this.updateMemory(path, resources);
  }

  private updateMemory(path: string, { memoryBytes, memorySwapBytes }: Resources): void {
    const limit = this.file('memory', path, 'memory.limit_in_bytes');
    const withSwap = this.file('memory', path, 'memory.memsw.limit_in_bytes');
    const writes: [string, number][] = [];
    if (memoryBytes !== undefined) writes.push([limit, memoryBytes]);
    if (memorySwapBytes !== undefined && existsSync(withSwap)) writes.push([withSwap, memorySwapBytes]);
    // The kernel keeps limit ≤ limit with swap at every moment: growing, the outer one goes first.
    const growing = memoryBytes !== undefined && memoryBytes > (readNumber(limit) ?? UNLIMITED);
    for (const [file, bytes] of growing ? writes.reverse() : writes) writeFileSync(file, String(bytes));
  }

  processes(path: string): number[] {
    const members = readText(this.file('devices', path, 'cgroup.procs')) ?? '';
    return members.split('\n').filter(Boolean).map(Number);
  }
}
