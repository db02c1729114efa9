import type { Deployment, ReplicaSet } from '@gantry/api';
import { rolloutLimits } from './limits';
import { DESIRED_REPLICAS, MAX_REPLICAS, revisionOf } from './revisions';

/** Wanted sizes of ReplicaSets that should change, by uid. */
export type Sizes = Map<string, number>;

const sum = (sets: readonly ReplicaSet[], of: (set: ReplicaSet) => number): number =>
  sets.reduce((total, set) => total + of(set), 0);

/**
 * One step of a rolling update: the new set grows as far as `maxSurge` lets it, the old ones shrink as far as
 * `maxUnavailable` lets them. Only what is seen to be available counts, so whatever happens to the new pods,
 * never fewer than `replicas - maxUnavailable` are left.
 */
export function rollingUpdate(deployment: Deployment, fresh: ReplicaSet, old: readonly ReplicaSet[]): Sizes {
  const sizes: Sizes = new Map();
  const { maxSurge, maxUnavailable } = rolloutLimits(deployment);
  const wanted = deployment.spec.replicas;
  const total = fresh.spec.replicas + sum(old, (set) => set.spec.replicas);
  const grown = grow(fresh.spec.replicas, wanted, wanted + maxSurge - total);
  if (grown !== fresh.spec.replicas) {
    sizes.set(fresh.metadata.uid, grown);
    return sizes;
  }
  const unavailableFresh = fresh.spec.replicas - (fresh.status.availableReplicas ?? 0);
  const minAvailable = wanted - maxUnavailable;
  const removable = total - minAvailable - unavailableFresh;
  if (removable > 0) shrinkOld(sizes, old, fresh, removable, minAvailable);
  return sizes;
}

function grow(now: number, wanted: number, room: number): number {
  if (now >= wanted) return wanted;
  return now + Math.max(0, Math.min(wanted - now, room));
}

// Pods that are not available go first, since nobody misses them; then available ones, as many as may be missing.
function shrinkOld(
  sizes: Sizes,
  old: readonly ReplicaSet[],
  fresh: ReplicaSet,
  removable: number,
  minAvailable: number,
): void {
  let left = removable;
  const byAge = [...old].sort((a, b) => revisionOf(a) - revisionOf(b));
  const size = (set: ReplicaSet): number => sizes.get(set.metadata.uid) ?? set.spec.replicas;
  for (const set of byAge) {
    const unhealthy = Math.min(left, Math.max(0, set.spec.replicas - (set.status.availableReplicas ?? 0)));
    if (unhealthy > 0) sizes.set(set.metadata.uid, set.spec.replicas - unhealthy);
    left -= unhealthy;
  }
  const available = sum([...old, fresh], (set) => set.status.availableReplicas ?? 0);
  left = Math.min(left, available - minAvailable);
  for (const set of byAge) {
    const gone = Math.min(Math.max(0, left), size(set));
    if (gone > 0) sizes.set(set.metadata.uid, size(set) - gone);
    left -= gone;
  }
}

/** Recreate: the old pods go first, and only when the last one has gone do the new ones come. */
export function recreate(
  deployment: Deployment,
  fresh: ReplicaSet,
  old: readonly ReplicaSet[],
  oldPods: number,
): Sizes {
  const running = old.filter((set) => set.spec.replicas > 0);
  if (running.length > 0) return new Map(running.map((set) => [set.metadata.uid, 0]));
  if (oldPods > 0 || fresh.spec.replicas === deployment.spec.replicas) return new Map();
  return new Map([[fresh.metadata.uid, deployment.spec.replicas]]);
}

/** Whether the Deployment was resized since its ReplicaSets were last sized. */
export function wasResized(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  return sets.some((set) => {
    const desired = set.metadata.annotations?.[DESIRED_REPLICAS];
    return set.spec.replicas > 0 && desired !== undefined && Number(desired) !== deployment.spec.replicas;
  });
}

/**
 * A resize in the middle of a roll-out (or while paused): the change is shared out in proportion to the sets' sizes,
 * so that a half-done roll-out stays half done. What rounding leaves goes to the largest set.
 */
export function scaleInProportion(deployment: Deployment, sets: readonly ReplicaSet[]): Sizes {
  const sizes: Sizes = new Map();
  const active = sets.filter((set) => set.spec.replicas > 0);
  const wanted = deployment.spec.replicas;
  if (active.length <= 1) {
    const only = active[0] ?? [...sets].sort((a, b) => revisionOf(b) - revisionOf(a))[0];
    if (only && only.spec.replicas !== wanted) sizes.set(only.metadata.uid, wanted);
    return sizes;
  }
  const allowed = wanted > 0 ? wanted + rolloutLimits(deployment).maxSurge : 0;
  let left = allowed - sum(active, (set) => set.spec.replicas);
  const sign = Math.sign(left);
  const largestFirst = [...active].sort(
    (a, b) => b.spec.replicas - a.spec.replicas || sign * (revisionOf(b) - revisionOf(a)),
  );
  for (const set of largestFirst) {
    const before = Number(set.metadata.annotations?.[MAX_REPLICAS] ?? 0) || deployment.status.replicas || 1;
    const share = Math.round((set.spec.replicas * allowed) / before) - set.spec.replicas;
    const change = sign > 0 ? clamp(share, 0, left) : clamp(share, left, 0);
    sizes.set(set.metadata.uid, set.spec.replicas + change);
    left -= change;
  }
  const [first] = largestFirst;
  sizes.set(first!.metadata.uid, Math.max(0, sizes.get(first!.metadata.uid)! + left));
  return sizes;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
