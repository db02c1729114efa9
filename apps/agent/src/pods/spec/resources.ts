import { milliValue, unitValue } from '@gantry/api';
import type { Container } from '@gantry/api';
import type { Resources } from '@gantry/runtime';
import type { QosClass } from './qos';

const CPU_PERIOD_MICROSECONDS = 100_000;
const MIN_CPU_SHARES = 2;

/**
 * Requests become a weight, limits a hard cap. The adjustment of the OOM killer's score protects Guaranteed pods most
 * and makes the others the more likely victims the less memory they asked for.
 */
export function containerResources(container: Container, qos: QosClass, nodeMemoryBytes: number): Resources {
  const { requests, limits } = container.resources ?? {};
  const request = milliValue(requests?.cpu ?? limits?.cpu);
  const limit = milliValue(limits?.cpu);
  const memory = unitValue(limits?.memory);
  return {
    cpuShares: Math.max(MIN_CPU_SHARES, Math.floor((request * 1024) / 1000)),
    ...(limit > 0
      ? { cpuQuota: Math.max(1000, limit * (CPU_PERIOD_MICROSECONDS / 1000)), cpuPeriod: CPU_PERIOD_MICROSECONDS }
      : {}),
    ...(memory > 0 ? { memoryBytes: memory, memorySwapBytes: memory } : {}),
    oomScoreAdj: oomScore(qos, unitValue(requests?.memory), nodeMemoryBytes),
  };
}

function oomScore(qos: QosClass, memoryRequest: number, nodeMemoryBytes: number): number {
  if (qos === 'Guaranteed') return -997;
  if (qos === 'BestEffort') return 1000;
  const score = 1000 - Math.floor((1000 * memoryRequest) / nodeMemoryBytes);
  return Math.min(999, Math.max(3, score));
}
