import type { Probe } from '@gantry/api';

/** How often in a row a probe has said the same. */
export interface ProbeRun {
  last?: boolean;
  length: number;
}

export function countResult(run: ProbeRun, success: boolean): ProbeRun {
  return { last: success, length: run.last === success ? run.length + 1 : 1 };
}

/** What the probe says for certain after this run; undefined while its threshold is not reached. */
export function settled(run: ProbeRun, probe: Probe): boolean | undefined {
  if (run.last === undefined) return undefined;
  const threshold = run.last ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
  return run.length >= threshold ? run.last : undefined;
}
