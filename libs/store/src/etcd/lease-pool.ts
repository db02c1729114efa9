import type { Clock } from '@gantry/base';
import type { LeaseClient } from 'etcd3/lib/rpc';

/** Keys written within this share of their time to live hang on one lease, which lives that much longer. */
const SHARED_WINDOW = 0.05;

interface Lease {
  id: Promise<string>;
  usableUntil: number;
}

/** Leases shared by keys of the same time to live: many Events an hour would otherwise mean as many leases. */
export class LeasePool {
  private readonly leases = new Map<number, Lease>();

  constructor(
    private readonly client: LeaseClient,
    private readonly clock: Clock,
  ) {}

  /** The id of a lease that ends no sooner than `seconds` from now. */
  async lease(seconds: number): Promise<string> {
    const current = this.leases.get(seconds);
    if (current && current.usableUntil > this.clock.monotonic()) return current.id;
    const window = Math.floor(seconds * SHARED_WINDOW);
    const id = this.client.leaseGrant({ TTL: Math.ceil(seconds + window) }).then((granted) => granted.ID);
    this.leases.set(seconds, { id, usableUntil: this.clock.monotonic() + window * 1000 });
    try {
      return await id;
    } catch (error) {
      this.leases.delete(seconds);
      throw error;
    }
  }

  /** After etcd lost or ended leases behind our back. */
  forget(): void {
    this.leases.clear();
  }
}
