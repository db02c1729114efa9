import type { Clock } from '@gantry/base';
import { StoreUnavailable } from '../store';

/** Lets readers wait until a revision has been reached. */
export class RevisionGate {
  private reached = 0;
  private readonly waiting = new Set<{ revision: number; pass: () => void }>();

  constructor(
    private readonly clock: Clock,
    /** Names what is waited for, in errors. */
    private readonly name: string,
  ) {}

  get revision(): number {
    return this.reached;
  }

  advance(revision: number): void {
    if (revision <= this.reached) return;
    this.reached = revision;
    for (const waiter of this.waiting) {
      if (waiter.revision <= revision) waiter.pass();
    }
  }

  /** Rejects with {@link StoreUnavailable} after `timeout` milliseconds. */
  wait(revision: number, timeout: number): Promise<void> {
    if (revision <= this.reached) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const expiry = this.clock.after(timeout, () => {
        this.waiting.delete(waiter);
        reject(
          new StoreUnavailable(
            `${this.name} is at revision ${this.reached} and did not reach ${revision} within ${timeout} ms`,
          ),
        );
      });
      const waiter = {
        revision,
        pass: () => {
          this.waiting.delete(waiter);
          void expiry.close();
          resolve();
        },
      };
      this.waiting.add(waiter);
    });
  }
}
