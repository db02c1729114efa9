import { labelSelector, type Pod, type ReplicaSet } from '@gantry/api';
import { availableIn, isActive, isReady } from '../pods/pod-facts';
import { byDeletionOrder } from './deletion-order';

export interface ReplicaSetFacts {
  set: ReplicaSet;
  /** The pods of its namespace that it owns, or that nobody owns and its selector matches. */
  pods: readonly Pod[];
  /** False while creations or deletions of an earlier pass have not been seen yet: counting now would be wrong. */
  settled: boolean;
  /** Why the last creation failed, if it did. */
  failure?: string;
  /** Milliseconds since the epoch. */
  now: number;
}

export type ReplicaSetAction =
  | { type: 'adopt'; pod: Pod }
  | { type: 'release'; pod: Pod }
  | { type: 'create'; count: number }
  | { type: 'delete'; pod: Pod };

export interface ReplicaSetPlan {
  actions: ReplicaSetAction[];
  status: ReplicaSet['status'];
  /** Milliseconds after which the plan may be another one by time alone. */
  recheckIn?: number;
}

/** Created or deleted at the most in one pass, so that one set does not hold up all others. */
export const BURST = 500;

/**
 * What to do so that as many of its pods run as the ReplicaSet asks for. Pure: the same facts make the same plan, and
 * once the plan is carried out, planning again gives no action.
 */
export function planReplicaSet(facts: ReplicaSetFacts): ReplicaSetPlan {
  const { set, now } = facts;
  const { owned, actions } = claim(facts);
  const active = owned.filter(isActive);
  if (facts.settled && !set.metadata.deletionTimestamp) actions.push(...resize(set, active));
  const minReadySeconds = set.spec.minReadySeconds ?? 0;
  const waits = active.map((pod) => availableIn(pod, minReadySeconds, now)).filter((wait) => wait !== undefined);
  const later = waits.filter((wait) => wait > 0);
  return {
    actions,
    status: statusOf(facts, active, waits.length - later.length),
    recheckIn: later.length > 0 ? Math.min(...later) : undefined,
  };
}

// A pod belongs to the set when it says so and its labels match; one that nobody owns is adopted, one whose labels have
// been changed is let go (it lives on, as whoever changed it wants).
function claim({ set, pods }: ReplicaSetFacts): { owned: Pod[]; actions: ReplicaSetAction[] } {
  const selector = labelSelector(set.spec.selector);
  const owned: Pod[] = [];
  const actions: ReplicaSetAction[] = [];
  for (const pod of pods) {
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller);
    const matches = selector.matches(pod.metadata.labels);
    if (owner && owner.uid !== set.metadata.uid) continue;
    if (owner && matches) owned.push(pod);
    else if (owner && !set.metadata.deletionTimestamp) actions.push({ type: 'release', pod });
    else if (!owner && matches && isActive(pod) && !set.metadata.deletionTimestamp) {
      owned.push(pod);
      actions.push({ type: 'adopt', pod });
    }
  }
  return { owned, actions };
}

function resize(set: ReplicaSet, active: Pod[]): ReplicaSetAction[] {
  const missing = set.spec.replicas - active.length;
  if (missing > 0) return [{ type: 'create', count: Math.min(missing, BURST) }];
  return byDeletionOrder(active)
    .slice(0, Math.min(-missing, BURST))
    .map((pod) => ({ type: 'delete', pod }));
}

function statusOf({ set, failure, now }: ReplicaSetFacts, active: Pod[], available: number): ReplicaSet['status'] {
  const template = Object.entries(set.spec.template?.metadata?.labels ?? {});
  const labeled = active.filter((pod) => template.every(([key, value]) => pod.metadata.labels?.[key] === value));
  const conditions = set.status.conditions?.filter(({ type }) => type !== 'ReplicaFailure') ?? [];
  if (failure !== undefined) conditions.push(failureCondition(set, failure, now));
  return {
    replicas: active.length,
    fullyLabeledReplicas: labeled.length,
    readyReplicas: active.filter(isReady).length,
    availableReplicas: available,
    observedGeneration: set.metadata.generation,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}

type Condition = NonNullable<ReplicaSet['status']['conditions']>[number];

function failureCondition(set: ReplicaSet, message: string, now: number): Condition {
  const known = set.status.conditions?.find(({ type }) => type === 'ReplicaFailure');
  const lastTransitionTime = known?.lastTransitionTime ?? new Date(now).toISOString().replace(/\.\d+/, '');
  return { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message, lastTransitionTime };
}
