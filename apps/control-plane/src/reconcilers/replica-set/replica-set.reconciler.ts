import { equalJson, Pod, ReplicaSet, type Draft } from '@gantry/api';
import { errorMessage, unreachable, type Closeable } from '@gantry/base';
import type { ObjectKey } from '@gantry/client';
import { controllerOf, Expectations, itself, keysOf, type Reconciler, type Result } from '@gantry/reconcile';
import type { ReconcilerParts } from '../parts';
import { controllerReference, setsSelecting, withoutController } from './ownership';
import { planReplicaSet, type ReplicaSetAction } from './replica-set.plan';

/** Keeps as many pods of a ReplicaSet running as it asks for. The model that other reconcilers imitate. */
export class ReplicaSetReconciler implements Reconciler, Closeable {
  readonly name = 'replicaset';
  readonly concurrency = 8;
  readonly watches = [
    itself(ReplicaSet),
    controllerOf(Pod, ReplicaSet),
    // A pod that nobody owns may be one to adopt.
    keysOf(Pod, (pod) => setsSelecting(this.parts.informers, pod)),
  ];

  private readonly expectations: Expectations;
  private readonly observed: Closeable;
  /** Why the last creation for a set failed, until one succeeds. */
  private readonly failures = new Map<string, string>();

  constructor(private readonly parts: ReconcilerParts) {
    this.expectations = new Expectations(parts.clock);
    this.observed = this.expectations.observe(parts.informers.of(Pod), (pod) => {
      const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller);
      return owner?.kind === 'ReplicaSet' ? { namespace: pod.metadata.namespace, name: owner.name } : undefined;
    });
  }

  close(): void {
    void this.observed.close();
  }

  async reconcile(key: ObjectKey): Promise<Result | undefined> {
    const { informers, client, clock } = this.parts;
    const set = informers.of(ReplicaSet).cache.get(key);
    if (!set) {
      this.expectations.forget(key);
      return undefined;
    }
    const { uid, namespace } = set.metadata;
    const { cache } = informers.of(Pod);
    const orphans = cache.inNamespace(namespace).filter((pod) => !pod.metadata.ownerReferences?.length);
    const plan = planReplicaSet({
      set,
      pods: [...cache.ownedBy(uid), ...orphans],
      settled: this.expectations.satisfied(key),
      failure: this.failures.get(uid),
      now: clock.now(),
    });
    try {
      for (const action of plan.actions) await this.apply(set, key, action);
    } finally {
      if (!equalJson(plan.status, set.status)) {
        await client.resource(ReplicaSet).updateStatus({ ...set, status: plan.status });
      }
    }
    return plan.recheckIn === undefined ? undefined : { requeueAfter: plan.recheckIn };
  }

  private async apply(set: ReplicaSet, key: ObjectKey, action: ReplicaSetAction): Promise<void> {
    const pods = this.parts.client.resource(Pod);
    switch (action.type) {
      case 'adopt': {
        const references = [...(action.pod.metadata.ownerReferences ?? []), controllerReference(set)];
        const { uid, resourceVersion } = action.pod.metadata;
        const metadata = { uid, resourceVersion, ownerReferences: references };
        await pods.patch(action.pod.metadata, 'merge', { metadata });
        return;
      }
      case 'release': {
        const { uid, resourceVersion, ownerReferences } = action.pod.metadata;
        const metadata = { uid, resourceVersion, ownerReferences: withoutController(ownerReferences) };
        await pods.patch(action.pod.metadata, 'merge', { metadata });
        return;
      }
      case 'create':
        return this.createPods(set, key, action.count);
      case 'delete':
        return this.deletePod(set, key, action.pod);
      default:
        unreachable(action);
    }
  }

  // In doubling batches: when the first pod is refused (quota, admission), the other 499 are not even tried.
  private async createPods(set: ReplicaSet, key: ObjectKey, count: number): Promise<void> {
    let left = count;
    for (let batch = 1; left > 0; batch *= 2) {
      const size = Math.min(batch, left);
      const results = await Promise.allSettled(Array.from({ length: size }, () => this.createPod(set, key)));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
      left -= size;
    }
  }

  private async createPod(set: ReplicaSet, key: ObjectKey): Promise<void> {
    const { client, events } = this.parts;
    this.expectations.expectCreations(key, 1);
    try {
      const pod = await client.resource(Pod).create(podOf(set));
      this.failures.delete(set.metadata.uid);
      events.normal(set, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
    } catch (error) {
      this.expectations.creationSeen(key);
      this.failures.set(set.metadata.uid, errorMessage(error));
      events.warning(set, 'FailedCreate', `Error creating: ${errorMessage(error)}`);
      throw error;
    }
  }

  private async deletePod(set: ReplicaSet, key: ObjectKey, pod: Pod): Promise<void> {
    const { client, events } = this.parts;
    const { uid, name } = pod.metadata;
    this.expectations.expectDeletions(key, [uid]);
    try {
      await client.resource(Pod).delete(pod.metadata, { preconditions: { uid } });
      events.normal(set, 'SuccessfulDelete', `Deleted pod: ${name}`);
    } catch (error) {
      this.expectations.deletionSeen(key, uid);
      throw error;
    }
  }
}

function podOf(set: ReplicaSet): Draft<Pod> {
  const { metadata, spec } = set.spec.template ?? {};
  return {
    metadata: {
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace,
      labels: metadata?.labels,
      annotations: metadata?.annotations,
      finalizers: metadata?.finalizers,
      ownerReferences: [controllerReference(set)],
    },
    spec,
  };
}
