import type { Pod } from '@gantry/api';

/** What reconcilers ask of a pod. */

/** Counts towards its owner: neither ended nor being deleted. */
export function isActive(pod: Pod): boolean {
  return pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed' && !pod.metadata.deletionTimestamp;
}

export function isReady(pod: Pod): boolean {
  return readyCondition(pod)?.status === 'True';
}

/** Milliseconds since the epoch; undefined when the pod is not ready. */
export function readySince(pod: Pod): number | undefined {
  const condition = readyCondition(pod);
  if (condition?.status !== 'True') return undefined;
  return condition.lastTransitionTime ? Date.parse(condition.lastTransitionTime) : 0;
}

/** Milliseconds until the pod counts as available: 0 when it does, undefined when it is not even ready. */
export function availableIn(pod: Pod, minReadySeconds: number, now: number): number | undefined {
  const since = readySince(pod);
  if (since === undefined) return undefined;
  return Math.max(0, since + minReadySeconds * 1000 - now);
}

function readyCondition(pod: Pod): NonNullable<Pod['status']['conditions']>[number] | undefined {
  return pod.status.conditions?.find(({ type }) => type === 'Ready');
}

export function restarts(pod: Pod): number {
  return (pod.status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** Why the pod does not get on, in words, if it has stopped somewhere: unschedulable, an image or a container that fails. */
export function blockage(pod: Pod): string | undefined {
  const scheduled = pod.status.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.reason === 'Unschedulable') return scheduled.message ?? scheduled.reason;
  for (const status of [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])]) {
    const waiting = status.state?.waiting;
    if (!waiting?.reason || STARTING.has(waiting.reason)) continue;
    return `container ${status.name}: ${waiting.reason}${waiting.message ? ` (${waiting.message})` : ''}`;
  }
  return undefined;
}

const STARTING = new Set(['ContainerCreating', 'PodInitializing']);
