import type { Pod } from '@gantry/api';
import { isReady, readySince, restarts } from '../pods/pod-facts';

const PHASES = ['Pending', 'Unknown', 'Running'];
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

/**
 * Pods in the order in which they are given up: first those that serve least. Not on a node before on one, not running
 * before running, not ready before ready, cheap before dear (KEP-2255), crowded before alone on its node, ready for a
 * short time before long, restarted often before seldom, young before old.
 */
export function byDeletionOrder(pods: readonly Pod[]): Pod[] {
  const crowd = new Map<string, number>();
  for (const { spec } of pods) crowd.set(spec.nodeName ?? '', (crowd.get(spec.nodeName ?? '') ?? 0) + 1);
  const rank = (pod: Pod): number[] => [
    pod.spec.nodeName ? 1 : 0,
    PHASES.indexOf(pod.status.phase ?? 'Pending'),
    isReady(pod) ? 1 : 0,
    Number(pod.metadata.annotations?.[DELETION_COST] ?? 0) || 0,
    -(crowd.get(pod.spec.nodeName ?? '') ?? 0),
    -(readySince(pod) ?? 0),
    -restarts(pod),
    -Date.parse(pod.metadata.creationTimestamp),
  ];
  return pods
    .map((pod) => ({ pod, rank: rank(pod) }))
    .sort((a, b) => compare(a.rank, b.rank) || (a.pod.metadata.name < b.pod.metadata.name ? -1 : 1))
    .map(({ pod }) => pod);
}

function compare(a: number[], b: number[]): number {
  const i = a.findIndex((value, position) => value !== b[position]);
  return i < 0 ? 0 : a[i]! - b[i]!;
}
