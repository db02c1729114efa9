import { isStatus, type Lease, type LeaseSpec } from '@gantry/api';
import { random, sleep, systemClock, type Clock, type Closeable } from '@gantry/base';
import type { ObjectKey, ResourceClient } from '@gantry/client';
import { silentLogger, type Logger } from '@gantry/observability';

export interface LeaderElectorOptions {
  leases: ResourceClient<Lease>;
  /** The Lease that candidates share. */
  key: ObjectKey;
  /** Who this candidate is: unique, and different after a restart. */
  identity: string;
  clock?: Clock;
  log?: Logger;
  /** Milliseconds after its last renewal at which others may take the lease; 15,000 unless given. */
  leaseDuration?: number;
  /** Milliseconds without a successful renewal after which the leader steps down; 10,000 unless given. */
  renewDeadline?: number;
  /** Milliseconds between tries to get or renew the lease; 2,000 unless given. */
  retryPeriod?: number;
}

/** One uninterrupted time of leadership. */
export interface Term {
  identity: string;
  /** Grows each time the lease changes hands (its leaseTransitions). */
  number: number;
  /**
   * Whether the lease surely still is ours. Asked before a write, it keeps a leader that was asleep (paused machine,
   * long collection) from writing as if no time had passed: only monotonic time since the last renewal counts.
   */
  isCurrent(): boolean;
}

/** What a leader does: returns soon after the signal aborts. */
export type Lead = (term: Term, signal: AbortSignal) => Promise<void>;

/**
 * Elects one of several candidates by a Lease object (coordination.k8s.io/v1, as client-go's candidates do, so both can
 * share a lease). Clocks of candidates need not agree: a candidate takes the lease once *it* has seen no renewal for the
 * lease's duration, whatever the times written in it say.
 */
export class LeaderElector implements Closeable {
  private readonly clock: Clock;
  private readonly log: Logger;
  private readonly leaseDuration: number;
  private readonly renewDeadline: number;
  private readonly retryPeriod: number;
  private readonly stop = new AbortController();
  private running?: Promise<void>;
  /** The lease as last seen, and since when it looked so. */
  private seen?: { lease: Lease; at: number };
  private currentTerm?: Term;

  constructor(private readonly options: LeaderElectorOptions) {
    this.clock = options.clock ?? systemClock;
    this.log = (options.log ?? silentLogger).child({ scope: 'reconcile.election', lease: options.key.name });
    this.leaseDuration = options.leaseDuration ?? 15_000;
    this.renewDeadline = options.renewDeadline ?? 10_000;
    this.retryPeriod = options.retryPeriod ?? 2_000;
  }

  /** The term this candidate leads in, if it surely does now. */
  get term(): Term | undefined {
    return this.currentTerm?.isCurrent() ? this.currentTerm : undefined;
  }

  /** Campaigns until closed, leading whenever elected. Resolves when closed. */
  run(lead: Lead): Promise<void> {
    this.running ??= this.campaign(lead);
    return this.running;
  }

  /** Steps down and gives the lease back, so that the next leader need not wait for it to run out. */
  async close(): Promise<void> {
    this.stop.abort();
    await this.running;
  }

  private async campaign(lead: Lead): Promise<void> {
    while (!this.stop.signal.aborted) {
      const began = this.clock.monotonic();
      if (!(await this.acquireOrRenew())) {
        // Candidates that start together shall not keep asking together.
        await this.pause(this.retryPeriod * (1 + random() * 0.2));
      } else if (this.stop.signal.aborted) {
        await this.release();
      } else {
        await this.hold(lead, began);
      }
    }
  }

  private async hold(lead: Lead, acquired: number): Promise<void> {
    const end = new AbortController();
    const endTerm = () => {
      end.abort();
    };
    this.stop.signal.addEventListener('abort', endTerm);
    let renewed = acquired;
    // On a timer, so that a renewal that hangs does not keep the leader leading.
    let deadline = this.clock.after(this.renewDeadline, endTerm);
    const term: Term = {
      identity: this.options.identity,
      number: this.seen?.lease.spec?.leaseTransitions ?? 0,
      isCurrent: () => !end.signal.aborted && this.clock.monotonic() - renewed < this.renewDeadline,
    };
    this.currentTerm = term;
    this.log.info({ term: term.number, identity: term.identity }, 'leading');
    // A leader that gives up by itself ends its term, and stands for the next.
    const leading = lead(term, end.signal)
      .catch((error: unknown) => {
        this.log.error({ err: error, term: term.number }, 'leading failed');
      })
      .finally(endTerm);
    while (term.isCurrent()) {
      await this.pause(this.retryPeriod, end.signal);
      if (end.signal.aborted) break;
      const began = this.clock.monotonic();
      if (await this.acquireOrRenew()) {
        renewed = began;
        void deadline.close();
        deadline = this.clock.after(this.renewDeadline, endTerm);
      } else if (this.holder !== this.options.identity) break;
    }
    void deadline.close();
    this.stop.signal.removeEventListener('abort', endTerm);
    endTerm();
    this.currentTerm = undefined;
    this.log.info({ term: term.number }, 'no longer leading');
    await leading;
    await this.release();
  }

  private get holder(): string | undefined {
    return this.seen?.lease.spec?.holderIdentity;
  }

  /** True if the lease is ours now, for its whole duration from before this call. */
  private async acquireOrRenew(): Promise<boolean> {
    try {
      const lease = await this.options.leases.find(this.options.key);
      if (!lease) {
        this.remember(await this.options.leases.create({ metadata: { ...this.options.key }, spec: this.claim() }));
        return true;
      }
      this.remember(lease);
      if (this.takenByOther(lease)) return false;
      this.remember(await this.options.leases.update({ ...lease, spec: this.claim(lease.spec) }));
      return true;
    } catch (error) {
      if (isStatus(error, 'Conflict', 'AlreadyExists')) this.log.debug({ err: error }, 'another candidate was faster');
      else this.log.warn({ err: error }, 'could not get or renew the lease');
      return false;
    }
  }

  private takenByOther({ spec }: Lease): boolean {
    if (!spec?.holderIdentity || spec.holderIdentity === this.options.identity) return false;
    const duration = (spec.leaseDurationSeconds ?? this.leaseDuration / 1000) * 1000;
    return this.clock.monotonic() < this.seen!.at + duration;
  }

  /** Notes when the lease began to look as it does. */
  private remember(lease: Lease): void {
    if (this.seen?.lease.metadata.resourceVersion === lease.metadata.resourceVersion) return;
    this.seen = { lease, at: this.clock.monotonic() };
  }

  private claim(before?: LeaseSpec): LeaseSpec {
    const now = microTime(this.clock.now());
    const mine = before?.holderIdentity === this.options.identity;
    const transitions = before?.leaseTransitions ?? 0;
    return {
      ...before,
      holderIdentity: this.options.identity,
      leaseDurationSeconds: Math.ceil(this.leaseDuration / 1000),
      acquireTime: mine ? before.acquireTime : now,
      renewTime: now,
      leaseTransitions: mine || !before ? transitions : transitions + 1,
    };
  }

  private async release(): Promise<void> {
    if (!this.seen || this.holder !== this.options.identity) return;
    const { lease } = this.seen;
    const now = microTime(this.clock.now());
    const spec: LeaseSpec = {
      ...lease.spec,
      holderIdentity: '',
      leaseDurationSeconds: 1,
      renewTime: now,
      acquireTime: now,
    };
    try {
      this.remember(await this.options.leases.update({ ...lease, spec }));
    } catch (error) {
      // It runs out by itself.
      this.log.debug({ err: error }, 'could not give the lease back');
    }
  }

  private pause(ms: number, signal = this.stop.signal): Promise<void> {
    return sleep(this.clock, ms, signal).catch(() => undefined);
  }
}

/** Kubernetes' MicroTime: six digits of fraction. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
