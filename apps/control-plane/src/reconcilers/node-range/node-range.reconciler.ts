import { Node } from '@gantry/api';
import type { ObjectKey } from '@gantry/client';
import { itself, type Reconciler } from '@gantry/reconcile';
import type { ReconcilerParts } from '../parts';
import { freeRange } from './node-range.plan';

/** Gives each node the range its pods' addresses come from. One at a time, so that no two nodes get the same. */
export class NodeRangeReconciler implements Reconciler {
  readonly name = 'node-range';
  readonly concurrency = 1;
  readonly watches = [itself(Node)];
  /** Given by us, but maybe not in the cache yet. */
  private readonly given = new Map<string, string>();

  constructor(
    private readonly parts: ReconcilerParts,
    private readonly podCidr: string,
  ) {}

  async reconcile({ name }: ObjectKey): Promise<void> {
    const { informers, client, events } = this.parts;
    const { cache } = informers.of(Node);
    const node = cache.get({ name });
    if (!node || node.spec?.podCIDR) {
      this.given.delete(name);
      return;
    }
    const taken = new Set([...this.given.values(), ...cache.list().flatMap(({ spec }) => spec?.podCIDR ?? [])]);
    const range = this.given.get(name) ?? freeRange(this.podCidr, taken);
    if (!range) {
      events.warning(node, 'CIDRNotAvailable', `No free range for pods is left in ${this.podCidr}`);
      throw new Error(`no free range for pods is left in ${this.podCidr}`);
    }
    this.given.set(name, range);
    const { uid } = node.metadata;
    const body = { metadata: { uid }, spec: { podCIDR: range, podCIDRs: [range] } };
    await client.resource(Node).patch({ name }, 'merge', body);
  }
}
