import type { Clock, Closeable } from '@gantry/base';
import type { Containers } from '@gantry/runtime';

/** The process gets this long after its stop signal even when the hook has used up the grace period. */
const MIN_GRACE_MS = 2_000;
/** Deadlines this close are the same one, reckoned twice. */
const TOLERANCE_MS = 500;

/** Ends containers within a grace period that may be shortened while it runs. */
export class ContainerStopper {
  private readonly deadlines = new Map<string, { at: number; kill?: Closeable }>();

  constructor(
    private readonly containers: Containers,
    private readonly clock: Clock,
  ) {}

  /** `preStop` runs first, within the same grace period. Resolves when the container has ended. */
  async stop(id: string, graceSeconds: number, preStop: (timeoutMs: number) => Promise<void>): Promise<void> {
    const deadline = { at: this.clock.monotonic() + graceSeconds * 1000, kill: undefined };
    this.deadlines.set(id, deadline);
    try {
      if (graceSeconds > 0) await preStop(graceSeconds * 1000);
      const least = Math.min(MIN_GRACE_MS, graceSeconds * 1000);
      const left = Math.max(least, deadline.at - this.clock.monotonic());
      await this.containers.stop(id, left / 1000);
    } finally {
      await this.deadlines.get(id)?.kill?.close();
      this.deadlines.delete(id);
    }
  }

  /** The container now has to be gone within so many seconds, if that is earlier than it would be. */
  hasten(id: string, graceSeconds: number): void {
    const deadline = this.deadlines.get(id);
    const at = this.clock.monotonic() + graceSeconds * 1000;
    if (!deadline || at >= deadline.at - TOLERANCE_MS) return;
    void deadline.kill?.close();
    deadline.at = at;
    deadline.kill = this.clock.after(graceSeconds * 1000, () => {
      // It may have ended meanwhile, which is what is wanted.
      this.containers.kill(id, 'SIGKILL').catch(() => undefined);
    });
  }
}
