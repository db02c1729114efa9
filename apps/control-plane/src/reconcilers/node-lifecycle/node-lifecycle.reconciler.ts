import { isStatus, Lease, Node, Pod } from '@gantry/api';
import { unreachable } from '@gantry/base';
import type { ObjectKey } from '@gantry/client';
import { itself, keysOf, type Reconciler, type Result } from '@gantry/reconcile';
import type { ReconcilerParts } from '../parts';
import { planNode, type NodeAction } from './node-lifecycle.plan';

const LEASES = { namespace: 'kube-node-lease' };
/** Milliseconds of silence after which a node counts as lost: two renewals of its lease may fail. */
const GRACE = 25_000;

/** Tells lost nodes from living ones, and moves pods off those that are lost. */
export class NodeLifecycleReconciler implements Reconciler {
  readonly name = 'node-lifecycle';
  readonly watches = [
    itself(Node),
    keysOf(Lease, ({ metadata }) => [{ name: metadata.name }], LEASES),
    keysOf(Pod, ({ spec }) => (spec.nodeName ? [{ name: spec.nodeName }] : [])),
  ];

  /** When a lease was last seen to change, by our own monotonic clock: clocks of nodes and servers need not agree. */
  private readonly seen = new Map<string, { renewal: string | undefined; at: number }>();

  constructor(private readonly parts: ReconcilerParts) {
    parts.informers.of(Pod).addIndex('node', ({ spec }) => (spec.nodeName ? [spec.nodeName] : []));
  }

  async reconcile({ name }: ObjectKey): Promise<Result | undefined> {
    const { informers, clock } = this.parts;
    const node = informers.of(Node).cache.get({ name });
    const pods = informers.of(Pod).cache.indexed('node', name);
    if (!node) {
      this.seen.delete(name);
      await this.removePodsOfNoNode(name, pods);
      return undefined;
    }
    const facts = { node, pods, silentFor: this.silentFor(name), grace: GRACE, now: clock.now() };
    const { actions, recheckIn } = planNode(facts);
    for (const action of actions) await this.apply(node, action);
    return recheckIn === undefined ? undefined : { requeueAfter: recheckIn + 100 };
  }

  private silentFor(name: string): number {
    const { informers, clock } = this.parts;
    const lease = informers.of(Lease, LEASES).cache.get({ ...LEASES, name });
    const renewal = lease?.spec?.renewTime;
    const now = clock.monotonic();
    const known = this.seen.get(name);
    if (known && known.renewal === renewal) return now - known.at;
    this.seen.set(name, { renewal, at: now });
    return 0;
  }

  private async apply(node: Node, action: NodeAction): Promise<void> {
    const { client, events, clock } = this.parts;
    switch (action.type) {
      case 'setConditions':
        await client.resource(Node).patchStatus(node.metadata, { status: { conditions: action.conditions } });
        events.normal(node, 'NodeNotReady', `Node ${node.metadata.name} status is now: NodeNotReady`);
        return;
      case 'setTaints': {
        const { uid, resourceVersion } = node.metadata;
        const taints = action.taints.length > 0 ? action.taints : null;
        await client
          .resource(Node)
          .patch(node.metadata, 'merge', { metadata: { uid, resourceVersion }, spec: { taints } });
        return;
      }
      case 'markPodNotReady':
        return this.markNotReady(action.pod, clock.now());
      case 'evict':
        events.normal(action.pod, 'TaintManagerEviction', `Deleting pod: the node has taint ${action.taint.key}`);
        return this.deletePod(action.pod);
      default:
        unreachable(action);
    }
  }

  private async markNotReady(pod: Pod, now: number): Promise<void> {
    const lastTransitionTime = new Date(now).toISOString().replace(/\.\d+/, '');
    const conditions = pod.status.conditions?.map((condition) =>
      condition.type === 'Ready'
        ? { ...condition, status: 'False' as const, reason: 'NodeNotReady', lastTransitionTime }
        : condition,
    );
    const { uid, resourceVersion } = pod.metadata;
    await this.parts.client
      .resource(Pod)
      .patch(
        pod.metadata,
        'merge',
        { metadata: { uid, resourceVersion }, status: { conditions } },
        { subresource: 'status' },
      );
  }

  // No agent will ever say that these have ended.
  private async removePodsOfNoNode(name: string, pods: readonly Pod[]): Promise<void> {
    if (pods.length === 0 || (await this.parts.client.resource(Node).find({ name }))) return;
    for (const pod of pods) await this.deletePod(pod, 0);
  }

  private async deletePod(pod: Pod, gracePeriodSeconds?: number): Promise<void> {
    const preconditions = { uid: pod.metadata.uid };
    await this.parts.client
      .resource(Pod)
      .delete(pod.metadata, { preconditions, gracePeriodSeconds })
      .catch((error: unknown) => {
        if (!isStatus(error, 'NotFound', 'Conflict')) throw error;
      });
  }
}
