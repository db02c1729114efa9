import { errorMessage, type Clock } from '@gantry/base';
import { isStatus } from '@gantry/api';
import type { Transport } from '@gantry/client';
import type { Logger } from '@gantry/observability';

/** As kubelet: renewed every 10 s, trusted for 40 s. */
const RENEW_INTERVAL_MS = 10_000;
const LEASE_SECONDS = 40;

const leases = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases', namespace: 'kube-node-lease' };

/**
 * Tells the cluster that a node is alive (KEP-589): heartbeats are many and stay in memory, the Lease object that the
 * node lifecycle watches is written every ten seconds for as long as they come.
 */
export class NodeLeases {
  private readonly renewed = new Map<string, number>();

  constructor(
    private readonly transportFor: (node: string) => Transport,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Renews the node's Lease if that is due. A failure is logged; the next heartbeat tries again. */
  heartbeat(node: string): void {
    const now = this.clock.monotonic();
    const last = this.renewed.get(node);
    if (last !== undefined && now - last < RENEW_INTERVAL_MS) return;
    this.renewed.set(node, now);
    this.renew(node).catch((error: unknown) => {
      this.renewed.delete(node);
      this.log.warn({ node, err: error }, `could not renew the node's lease: ${errorMessage(error)}`);
    });
  }

  private async renew(node: string): Promise<void> {
    const transport = this.transportFor(node);
    const spec = { holderIdentity: node, leaseDurationSeconds: LEASE_SECONDS, renewTime: microTime(this.clock.now()) };
    try {
      await transport.request({ ...leases, verb: 'patch', patchType: 'merge', name: node, body: { spec } });
    } catch (error) {
      if (!isStatus(error, 'NotFound')) throw error;
      const body = {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: node, namespace: leases.namespace },
        spec,
      };
      await transport.request({ ...leases, verb: 'create', body });
    }
  }
}

/** metav1.MicroTime: RFC 3339 with six decimals. */
function microTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}
