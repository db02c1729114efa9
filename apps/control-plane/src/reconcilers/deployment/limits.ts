import type { Deployment } from '@gantry/api';

/** How far a roll-out may stray from the wanted number of pods. */
export interface RolloutLimits {
  maxSurge: number;
  maxUnavailable: number;
}

/** Percentages of the wanted number: surge rounded up, unavailable down; never both zero, or nothing could move. */
export function rolloutLimits(deployment: Deployment): RolloutLimits {
  const { replicas, strategy } = deployment.spec;
  if (strategy?.type === 'Recreate') return { maxSurge: 0, maxUnavailable: 0 };
  const maxSurge = resolve(strategy?.rollingUpdate?.maxSurge ?? '25%', replicas, Math.ceil);
  const maxUnavailable = Math.min(
    replicas,
    resolve(strategy?.rollingUpdate?.maxUnavailable ?? '25%', replicas, Math.floor),
  );
  return maxSurge === 0 && maxUnavailable === 0 ? { maxSurge, maxUnavailable: 1 } : { maxSurge, maxUnavailable };
}

function resolve(value: number | string, whole: number, round: (n: number) => number): number {
  if (typeof value === 'number') return value;
  return round((whole * Number(value.replace('%', ''))) / 100);
}
