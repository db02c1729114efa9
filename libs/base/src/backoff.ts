import { random } from './random';

/** Delays for repeated tries: doubled each time up to a cap, with jitter so that many callers do not return together. */
export interface BackoffPolicy {
  /** First delay in milliseconds. */
  initial: number;
  /** Largest delay in milliseconds, before jitter. */
  max: number;
  /** Growth per failure; 2 unless given. */
  factor?: number;
  /** Share of the delay that may be added at random (0 to 1); 0.1 unless given. */
  jitter?: number;
}

/** The delay in milliseconds after `failures` failures in a row (1 = the first). */
export function backoffDelay(policy: BackoffPolicy, failures: number): number {
  const base = Math.min(policy.max, policy.initial * (policy.factor ?? 2) ** Math.max(0, failures - 1));
  return base * (1 + random() * (policy.jitter ?? 0.1));
}
