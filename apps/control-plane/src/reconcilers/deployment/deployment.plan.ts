import { cloneJson, type Deployment, type Pod, type ReplicaSet } from '@gantry/api';
import { blockage } from '../pods/pod-facts';
import { deadlineIn, isComplete, statusOf } from './deployment-status';
import { rolloutLimits } from './limits';
import {
  findNewSet,
  inheritedAnnotations,
  REVISION,
  revisionOf,
  sizeAnnotations,
  TEMPLATE_HASH,
  templateHash,
} from './revisions';
import { recreate, rollingUpdate, scaleInProportion, wasResized, type Sizes } from './rolling-update';

export interface DeploymentFacts {
  deployment: Deployment;
  /** The ReplicaSets of its namespace that it owns. */
  sets: readonly ReplicaSet[];
  /** The pods of those sets. */
  pods: readonly Pod[];
  /** Milliseconds since the epoch. */
  now: number;
}

export type DeploymentAction =
  | { type: 'createSet'; set: ReplicaSet }
  /** Changes the size and annotations of a set; `replicas` as it is when only annotations change. */
  | { type: 'changeSet'; set: ReplicaSet; replicas: number; annotations: Record<string, string> }
  | { type: 'deleteSet'; set: ReplicaSet }
  | { type: 'setRevision'; revision: string };

export interface DeploymentPlan {
  actions: DeploymentAction[];
  status: Deployment['status'];
  /** Why a new pod does not get on, in words. */
  blockage?: string;
  /** Milliseconds after which the plan may be another one by time alone. */
  recheckIn?: number;
}

/**
 * What to do so that the Deployment's pods become those of its template, by its strategy. Each pass makes one step, from
 * what is seen; the next step follows when the ReplicaSets have changed.
 */
export function planDeployment(facts: DeploymentFacts): DeploymentPlan {
  const { deployment, sets, now } = facts;
  const fresh = findNewSet(deployment, sets);
  const old = sets.filter((set) => set !== fresh);
  const blockage = firstBlockage(facts, fresh);
  const status = statusOf({ deployment, fresh, sets, blockage, now });
  const actions = deployment.metadata.deletionTimestamp ? [] : steps(facts, fresh, old, isComplete(deployment, status));
  return { actions, status, blockage, recheckIn: deadlineIn(facts, status) };
}

function steps(
  facts: DeploymentFacts,
  fresh: ReplicaSet | undefined,
  old: ReplicaSet[],
  complete: boolean,
): DeploymentAction[] {
  const { deployment, sets } = facts;
  if (deployment.spec.paused || wasResized(deployment, sets)) {
    return [...change(deployment, sets, scaleInProportion(deployment, sets)), ...cleanUp(deployment, old, complete)];
  }
  if (!fresh) return [{ type: 'createSet', set: newSet(deployment, old) }];
  const oldPods = facts.pods.filter((pod) => !ownedBy(pod, fresh) && !hasEnded(pod)).length;
  const sizes =
    deployment.spec.strategy?.type === 'Recreate'
      ? recreate(deployment, fresh, old, oldPods)
      : rollingUpdate(deployment, fresh, old);
  return [
    ...markNewest(deployment, fresh, old, sizes),
    ...change(deployment, old, sizes),
    ...cleanUp(deployment, old, complete),
  ];
}

function newSet(deployment: Deployment, old: readonly ReplicaSet[]): ReplicaSet {
  const { spec, metadata } = deployment;
  const hash = templateHash(deployment);
  const { maxSurge } = rolloutLimits(deployment);
  const template = cloneJson(spec.template);
  template.metadata = { ...template.metadata, labels: { ...template.metadata?.labels, [TEMPLATE_HASH]: hash } };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace,
      labels: template.metadata.labels,
      annotations: {
        ...inheritedAnnotations(deployment),
        ...sizeAnnotations(spec.replicas, spec.replicas + maxSurge),
        [REVISION]: String(nextRevision(old)),
      },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      // Grows by the rules of the strategy once it is seen.
      replicas: 0,
      ...(spec.minReadySeconds ? { minReadySeconds: spec.minReadySeconds } : {}),
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [TEMPLATE_HASH]: hash } },
      template,
    },
  } as unknown as ReplicaSet;
}

export function ownerReference(deployment: Deployment): NonNullable<ReplicaSet['metadata']['ownerReferences']>[number] {
  const { name, uid } = deployment.metadata;
  return { apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true, blockOwnerDeletion: true };
}

function nextRevision(others: readonly ReplicaSet[]): number {
  return Math.max(0, ...others.map(revisionOf)) + 1;
}

// A set that was made for an earlier revision and is the present one again (after a rollback) becomes the newest.
function markNewest(deployment: Deployment, fresh: ReplicaSet, old: ReplicaSet[], sizes: Sizes): DeploymentAction[] {
  const revision = String(Math.max(revisionOf(fresh), nextRevision(old)));
  const annotations = { ...inheritedAnnotations(deployment), ...sizesOf(deployment), [REVISION]: revision };
  const replicas = sizes.get(fresh.metadata.uid) ?? fresh.spec.replicas;
  const actions: DeploymentAction[] = [];
  if (deployment.metadata.annotations?.[REVISION] !== revision) actions.push({ type: 'setRevision', revision });
  if (replicas !== fresh.spec.replicas || !carries(fresh, annotations)) {
    actions.push({ type: 'changeSet', set: fresh, replicas, annotations });
  }
  return actions;
}

function change(deployment: Deployment, sets: readonly ReplicaSet[], sizes: Sizes): DeploymentAction[] {
  return sets.flatMap((set): DeploymentAction[] => {
    const replicas = sizes.get(set.metadata.uid) ?? set.spec.replicas;
    const annotations = sizesOf(deployment);
    const settled = replicas === set.spec.replicas && (replicas === 0 || carries(set, annotations));
    return settled ? [] : [{ type: 'changeSet', set, replicas, annotations }];
  });
}

function sizesOf(deployment: Deployment): Record<string, string> {
  const { replicas } = deployment.spec;
  return sizeAnnotations(replicas, replicas + rolloutLimits(deployment).maxSurge);
}

function carries(set: ReplicaSet, annotations: Record<string, string>): boolean {
  return Object.entries(annotations).every(([key, value]) => set.metadata.annotations?.[key] === value);
}

// Old sets without pods are history: the newest of them are kept for `rollout undo`.
function cleanUp(deployment: Deployment, old: readonly ReplicaSet[], complete: boolean): DeploymentAction[] {
  if (!complete && !deployment.spec.paused) return [];
  return old
    .filter((set) => set.spec.replicas === 0 && !set.status.replicas && !set.metadata.deletionTimestamp)
    .sort((a, b) => revisionOf(b) - revisionOf(a))
    .slice(deployment.spec.revisionHistoryLimit)
    .map((set) => ({ type: 'deleteSet', set }));
}

function firstBlockage({ pods }: DeploymentFacts, fresh: ReplicaSet | undefined): string | undefined {
  if (!fresh) return undefined;
  for (const pod of pods) {
    const why = ownedBy(pod, fresh) && !pod.metadata.deletionTimestamp ? blockage(pod) : undefined;
    if (why) return `pod ${pod.metadata.name} is stuck, ${why}`;
  }
  return undefined;
}

function ownedBy(pod: Pod, set: ReplicaSet): boolean {
  return pod.metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid) ?? false;
}

function hasEnded(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
}
