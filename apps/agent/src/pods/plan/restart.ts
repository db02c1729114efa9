import type { Container, Pod } from '@gantry/api';
import type { ObservedContainer } from '../observed';

const INITIAL_DELAY_MS = 10_000;
const MAX_DELAY_MS = 300_000;
/** A container that ran this long has proven itself: its next restart is immediate again. */
const FORGIVEN_AFTER_MS = 600_000;

/** Whether an ended container comes back. `restartPolicy: Always` on an init container makes it a sidecar. */
export function shouldRestart(pod: Pod, container: Container, ended: ObservedContainer): boolean {
  if (container.restartPolicy === 'Always') return true;
  switch (pod.spec.restartPolicy ?? 'Always') {
    case 'Always':
      return !isInitContainer(pod, container.name) || !succeeded(ended);
    case 'OnFailure':
      return !succeeded(ended);
    case 'Never':
      return false;
  }
}

export function succeeded(ended: ObservedContainer): boolean {
  return ended.exitCode === 0 && ended.error === undefined;
}

/**
 * How many milliseconds lie between the end of this instance and its successor: none the first time, then 10 s,
 * doubled up to 5 min, until an instance has run for 10 min.
 */
export function restartDelay(ended: ObservedContainer): number {
  const level = effectiveLevel(ended);
  return level === 0 ? 0 : Math.min(MAX_DELAY_MS, INITIAL_DELAY_MS * 2 ** (level - 1));
}

export function nextBackoffLevel(ended: ObservedContainer): number {
  // The cap keeps the number small; the delay has long reached its maximum.
  return Math.min(effectiveLevel(ended) + 1, 10);
}

/** When the successor of this instance may start, in milliseconds since the epoch. */
export function restartAt(ended: ObservedContainer): number {
  return (ended.finishedAt ?? ended.createdAt) + restartDelay(ended);
}

export function isInitContainer(pod: Pod, name: string): boolean {
  return pod.spec.initContainers?.some((container) => container.name === name) ?? false;
}

export function isSidecar(pod: Pod, name: string): boolean {
  return pod.spec.initContainers?.some((c) => c.name === name && c.restartPolicy === 'Always') ?? false;
}

function effectiveLevel(ended: ObservedContainer): number {
  const ran = (ended.finishedAt ?? 0) - (ended.startedAt ?? Number.POSITIVE_INFINITY);
  return ran >= FORGIVEN_AFTER_MS ? 0 : ended.backoffLevel;
}
