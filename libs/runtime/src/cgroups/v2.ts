import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerStats, Resources } from '../runtime';
import type { CgroupHierarchy } from './hierarchy';
import { readNumber, readTable, readText } from './kernel-files';

const NANOSECONDS_PER_MICROSECOND = 1000;

/** cgroup v2: one hierarchy for all controllers (docs.kernel.org/admin-guide/cgroup-v2). */
export class CgroupV2 implements CgroupHierarchy {
  readonly version = 2;
  readonly roots: string[];

  constructor(private readonly mountPoint: string) {
    this.roots = [mountPoint];
  }

  private file(path: string, name: string): string {
    return join(this.mountPoint, path, name);
  }

  stats(path: string): ContainerStats {
    const memory = readTable(this.file(path, 'memory.stat'));
    const used = readNumber(this.file(path, 'memory.current')) ?? 0;
    const limit = readNumber(this.file(path, 'memory.max'));
    const cpu = readTable(this.file(path, 'cpu.stat'));
    return {
      cpuNanoseconds: (cpu.get('usage_usec') ?? 0) * NANOSECONDS_PER_MICROSECOND,
      memoryBytes: used,
      memoryWorkingSetBytes: Math.max(0, used - (memory.get('inactive_file') ?? 0)),
      ...(limit !== undefined && { memoryLimitBytes: limit }),
      pids: readNumber(this.file(path, 'pids.current')) ?? 0,
      periods: cpu.get('nr_periods') ?? 0,
      throttledPeriods: cpu.get('nr_throttled') ?? 0,
    };
  }

  update(path: string, resources: Resources): void {
    const { cpuShares, cpuQuota, cpuPeriod, cpusetCpus, memoryBytes, memorySwapBytes, pids } = resources;
    const set = (name: string, value: number | string | undefined) => {
      if (value !== undefined) writeFileSync(this.file(path, name), String(value));
    };
    if (cpuShares !== undefined) set('cpu.weight', weightOfShares(cpuShares));
    if (cpuQuota !== undefined || cpuPeriod !== undefined) set('cpu.max', this.cpuMax(path, cpuQuota, cpuPeriod));
    set('cpuset.cpus', cpusetCpus);
    set('memory.max', limitWord(memoryBytes));
    if (memorySwapBytes !== undefined && existsSync(this.file(path, 'memory.swap.max'))) {
      set('memory.swap.max', swapOnly(memorySwapBytes, memoryBytes ?? readNumber(this.file(path, 'memory.max')) ?? 0));
    }
    set('pids.max', limitWord(pids));
  }

  private cpuMax(path: string, quota?: number, period?: number): string {
    const [oldQuota = 'max', oldPeriod = '100000'] = readText(this.file(path, 'cpu.max'))?.split(' ') ?? [];
    return `${quota === undefined ? oldQuota : limitWord(quota)} ${period ?? oldPeriod}`;
  }

  processes(path: string): number[] {
    const members = readText(this.file(path, 'cgroup.procs')) ?? '';
    return members.split('\n').filter(Boolean).map(Number);
  }
}

const limitWord = (value: number | undefined): number | string | undefined =>
  value !== undefined && value <= 0 ? 'max' : value;

/** v1 counts memory and swap together, v2 swap alone. */
const swapOnly = (together: number, memory: number): number | string =>
  together < 0 ? 'max' : Math.max(0, together - memory);

/** From v1's 2…262144 to v2's 1…10000, as the OCI runtimes convert. */
export const weightOfShares = (shares: number): number =>
  1 + Math.floor(((Math.min(Math.max(shares, 2), 262144) - 2) * 9999) / 262142);
