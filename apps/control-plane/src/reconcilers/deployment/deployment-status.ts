import type { Deployment, ReplicaSet } from '@gantry/api';
import { rolloutLimits } from './limits';

type Status = Deployment['status'];
type Condition = NonNullable<Status['conditions']>[number];

export interface StatusFacts {
  deployment: Deployment;
  fresh: ReplicaSet | undefined;
  sets: readonly ReplicaSet[];
  /** Why a new pod does not get on, in words. */
  blockage?: string;
  /** Milliseconds since the epoch. */
  now: number;
}

const count = (sets: readonly ReplicaSet[], field: keyof ReplicaSet['status']): number =>
  sets.reduce((total, set) => total + Number(set.status[field] ?? 0), 0);

export function statusOf(facts: StatusFacts): Status {
  const { deployment, sets, fresh } = facts;
  const available = count(sets, 'availableReplicas');
  const status: Status = {
    observedGeneration: deployment.metadata.generation,
    replicas: count(sets, 'replicas'),
    updatedReplicas: fresh?.status.replicas ?? 0,
    readyReplicas: count(sets, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sets.reduce((total, set) => total + set.spec.replicas, 0) - available),
    ...(deployment.status.collisionCount ? { collisionCount: deployment.status.collisionCount } : {}),
  };
  const conditions = [availability(facts, available), progress(facts, status), replicaFailure(facts)];
  return { ...status, conditions: conditions.filter((condition) => condition !== undefined) };
}

/** Milliseconds until the progress deadline; undefined when it does not run. */
export function deadlineIn(
  { deployment, now }: Pick<StatusFacts, 'deployment' | 'now'>,
  status: Status,
): number | undefined {
  const condition = status.conditions?.find(({ type }) => type === 'Progressing');
  if (deployment.spec.paused || isComplete(deployment, status) || condition?.status !== 'True') return undefined;
  return Math.max(0, Date.parse(condition.lastUpdateTime!) + deployment.spec.progressDeadlineSeconds * 1000 - now);
}

/** All pods are of the present template and available, and no old one is left. */
export function isComplete(deployment: Deployment, status: Status): boolean {
  const wanted = deployment.spec.replicas;
  return status.updatedReplicas === wanted && status.replicas === wanted && status.availableReplicas === wanted;
}

function availability({ deployment, now }: StatusFacts, available: number): Condition {
  const enough = available >= deployment.spec.replicas - rolloutLimits(deployment).maxUnavailable;
  return renew(deployment, now, {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: enough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
  });
}

function progress(facts: StatusFacts, status: Status): Condition | undefined {
  const { deployment, fresh, now } = facts;
  const known = deployment.status.conditions?.find(({ type }) => type === 'Progressing');
  const make = (value: 'True' | 'False' | 'Unknown', reason: string, message: string): Condition =>
    renew(deployment, now, { type: 'Progressing', status: value, reason, message });
  if (deployment.spec.paused) {
    return known?.reason === 'DeploymentPaused' ? known : make('Unknown', 'DeploymentPaused', 'Deployment is paused');
  }
  if (!fresh) return known;
  const name = `ReplicaSet "${fresh.metadata.name}"`;
  if (isComplete(deployment, status)) {
    return make('True', 'NewReplicaSetAvailable', `${name} has successfully progressed.`);
  }
  const why = facts.blockage ? `: ${facts.blockage}` : '';
  if (hasProgressed(deployment.status, status) || !known || known.reason === 'DeploymentPaused') {
    return { ...make('True', 'ReplicaSetUpdated', `${name} is progressing${why || '.'}`), lastUpdateTime: time(now) };
  }
  // The deadline counts from the last progress; a roll-out that had completed starts a new one.
  const since = known.reason === 'NewReplicaSetAvailable' ? now : Date.parse(known.lastUpdateTime ?? time(now));
  if (known.reason === 'ProgressDeadlineExceeded' || now - since >= deployment.spec.progressDeadlineSeconds * 1000) {
    return make('False', 'ProgressDeadlineExceeded', `${name} has timed out progressing${why || '.'}`);
  }
  const going = make('True', 'ReplicaSetUpdated', `${name} is progressing${why || '.'}`);
  return { ...going, lastUpdateTime: time(since) };
}

function hasProgressed(before: Status, now: Status): boolean {
  const old = (status: Status): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (now.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(now) < old(before) ||
    (now.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (now.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function replicaFailure({ deployment, fresh, sets, now }: StatusFacts): Condition | undefined {
  const failing = [fresh, ...sets].find((set) => set?.status.conditions?.some(({ type }) => type === 'ReplicaFailure'));
  const failure = failing?.status.conditions?.find(({ type }) => type === 'ReplicaFailure');
  if (!failure) return undefined;
  const { status, reason, message } = failure;
  return renew(deployment, now, { type: 'ReplicaFailure', status, reason, message });
}

// Unchanged conditions keep their times, so that a status which says nothing new is not written.
function renew(deployment: Deployment, now: number, next: Condition): Condition {
  const known = deployment.status.conditions?.find(({ type }) => type === next.type);
  const lastTransitionTime = known && known.status === next.status ? known.lastTransitionTime : time(now);
  const same = known?.status === next.status && known.reason === next.reason;
  return { ...next, lastTransitionTime, lastUpdateTime: same ? known.lastUpdateTime : time(now) };
}

function time(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+/, '');
}
