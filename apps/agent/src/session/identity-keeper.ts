import type { Closeable } from '@gantry/base';
import { joinCluster, renewIdentity, type JoinSettings } from './join';
import { certificateAge, type NodeIdentity } from './identity';

/** The share of its lifetime after which a certificate is renewed. */
const RENEW_AT = 2 / 3;
const CHECK_INTERVAL_MS = 3600_000;

/** Keeps the node's certificate valid: renewed well ahead, and asked for anew with the token if it expired after all. */
export class IdentityKeeper implements Closeable {
  private timer?: Closeable;

  constructor(
    private readonly join: JoinSettings,
    private identity: NodeIdentity,
    private readonly checkInterval = CHECK_INTERVAL_MS,
  ) {
    this.schedule();
  }

  /** A valid identity; waits for the cluster when there is none. */
  async current(): Promise<NodeIdentity> {
    if (certificateAge(this.identity, this.join.clock) >= 1) this.identity = await joinCluster(this.join);
    return this.identity;
  }

  /** Renews the certificate if that is due. A failure is logged: there is time for many more tries. */
  async renewIfDue(): Promise<void> {
    const { clock, log, servers } = this.join;
    const age = certificateAge(this.identity, clock);
    if (age < RENEW_AT || age >= 1) return;
    for (const server of servers) {
      try {
        this.identity = await renewIdentity(this.join, this.identity, server);
        log.info({ server }, 'certificate renewed');
        return;
      } catch (error) {
        log.warn({ server, err: error }, 'could not renew the certificate yet');
      }
    }
  }

  close(): void {
    void this.timer?.close();
  }

  private schedule(): void {
    this.timer = this.join.clock.after(this.checkInterval, () => {
      this.schedule();
      void this.renewIfDue();
    });
  }
}
