/**
 * Timing of leader election in milliseconds. Shorter than Kubernetes' own: when a leader is killed, the next one takes
 * over within seconds.
 */
export const LEADERSHIP = { leaseDuration: 6000, renewDeadline: 4000, retryPeriod: 1000 };
