import type { Score } from './score';

/** Prefers nodes that keep the larger share of cpu and memory free. */
export const leastAllocated: Score = {
  name: 'NodeResourcesLeastAllocated',
  weight: 1,
  prepare({ requests }, table) {
    const cpu = table.column('cpu');
    const memory = table.column('memory');
    const cpuRequest = requests.get('cpu') ?? 0;
    const memoryRequest = requests.get('memory') ?? 0;
    return (slot) => {
      const freeCpu = freeShare(cpu.used[slot]! + cpuRequest, cpu.allocatable[slot]!);
      const freeMemory = freeShare(memory.used[slot]! + memoryRequest, memory.allocatable[slot]!);
      return (freeCpu + freeMemory) * 50;
    };
  },
};

function freeShare(used: number, whole: number): number {
  return whole > 0 ? Math.max(0, 1 - used / whole) : 0;
}
