import { Deployment, equalJson, isStatus, Pod, ReplicaSet } from '@gantry/api';
import { unreachable } from '@gantry/base';
import type { ObjectKey } from '@gantry/client';
import { controllerOf, itself, keysOf, type Reconciler, type Result } from '@gantry/reconcile';
import type { ReconcilerParts } from '../parts';
import { planDeployment, type DeploymentAction } from './deployment.plan';
import { findNewSet, REVISION } from './revisions';

/** Rolls the pods of a Deployment over to its template, through a ReplicaSet for each template. */
export class DeploymentReconciler implements Reconciler {
  readonly name = 'deployment';
  readonly concurrency = 8;
  readonly watches = [
    itself(Deployment),
    controllerOf(ReplicaSet, Deployment),
    // Pods do not name their Deployment, but their ReplicaSet does.
    keysOf(Pod, (pod) => this.deploymentOf(pod)),
  ];

  constructor(private readonly parts: ReconcilerParts) {}

  async reconcile(key: ObjectKey): Promise<Result | undefined> {
    const { informers, client, clock } = this.parts;
    const deployment = informers.of(Deployment).cache.get(key);
    if (!deployment) return undefined;
    const sets = informers.of(ReplicaSet).cache.ownedBy(deployment.metadata.uid);
    const pods = sets.flatMap((set) => informers.of(Pod).cache.ownedBy(set.metadata.uid));
    const plan = planDeployment({ deployment, sets, pods, now: clock.now() });
    for (const action of plan.actions) await this.apply(deployment, action);
    this.tellBlockage(deployment, plan.blockage);
    if (!equalJson(plan.status, deployment.status)) {
      await client.resource(Deployment).patchStatus(deployment.metadata, { status: plan.status });
    }
    return plan.recheckIn === undefined ? undefined : { requeueAfter: plan.recheckIn + 1000 };
  }

  // `kubectl describe` shows events, but not the messages of a Deployment's conditions.
  private tellBlockage(deployment: Deployment, blockage: string | undefined): void {
    const told = deployment.status.conditions?.some(({ message }) => blockage && message?.includes(blockage));
    if (blockage && !told)
      this.parts.events.warning(deployment, 'RolloutStuck', `The new revision is held up: ${blockage}`);
  }

  private async apply(deployment: Deployment, action: DeploymentAction): Promise<void> {
    const { client } = this.parts;
    switch (action.type) {
      case 'createSet':
        return this.createSet(deployment, action.set);
      case 'changeSet':
        return this.changeSet(deployment, action);
      case 'deleteSet': {
        const { uid } = action.set.metadata;
        await client.resource(ReplicaSet).delete(action.set.metadata, { preconditions: { uid } });
        return;
      }
      case 'setRevision': {
        const metadata = { annotations: { [REVISION]: action.revision } };
        await client.resource(Deployment).patch(deployment.metadata, 'merge', { metadata });
        return;
      }
      default:
        unreachable(action);
    }
  }

  // The name comes from the template, so a set that exists already is ours from an earlier pass, unless two templates
  // share a hash: then the next pass makes another name.
  private async createSet(deployment: Deployment, set: ReplicaSet): Promise<void> {
    const { client, events } = this.parts;
    try {
      await client.resource(ReplicaSet).create(set);
      events.normal(deployment, 'ScalingReplicaSet', `Created replica set ${set.metadata.name}`);
    } catch (error) {
      if (!isStatus(error, 'AlreadyExists')) throw error;
      const existing = await client.resource(ReplicaSet).find(set.metadata);
      if (!existing || isOurs(deployment, existing)) return;
      const collisionCount = (deployment.status.collisionCount ?? 0) + 1;
      await client.resource(Deployment).patchStatus(deployment.metadata, { status: { collisionCount } });
    }
  }

  private async changeSet(
    deployment: Deployment,
    { set, replicas, annotations }: Extract<DeploymentAction, { type: 'changeSet' }>,
  ): Promise<void> {
    const { client, events } = this.parts;
    const { uid, resourceVersion, name } = set.metadata;
    const minReadySeconds = deployment.spec.minReadySeconds ?? null;
    const body = { metadata: { uid, resourceVersion, annotations }, spec: { replicas, minReadySeconds } };
    await client.resource(ReplicaSet).patch(set.metadata, 'merge', body);
    if (replicas === set.spec.replicas) return;
    const direction = replicas > set.spec.replicas ? 'up' : 'down';
    const change = `Scaled ${direction} replica set ${name} from ${set.spec.replicas} to ${replicas}`;
    events.normal(deployment, 'ScalingReplicaSet', change);
  }

  private deploymentOf(pod: Pod): ObjectKey[] {
    const owner = pod.metadata.ownerReferences?.find(({ controller, kind }) => controller && kind === 'ReplicaSet');
    if (!owner) return [];
    const { namespace } = pod.metadata;
    const set = this.parts.informers.of(ReplicaSet).cache.get({ namespace, name: owner.name });
    const reference = set?.metadata.ownerReferences?.find(({ kind }) => kind === 'Deployment');
    return reference ? [{ namespace, name: reference.name }] : [];
  }
}

function isOurs(deployment: Deployment, set: ReplicaSet): boolean {
  const owned = set.metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid) ?? false;
  return owned && findNewSet(deployment, [set]) !== undefined;
}
