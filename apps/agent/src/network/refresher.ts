import { backoffDelay, sleep, type Clock, type Closeable } from '@gantry/base';
import type { Logger } from '@gantry/observability';

const RETRY = { initial: 200, max: 10_000 };

/**
 * Repeats one piece of work whenever something changed, never twice at once: changes that come in bursts, or while it
 * runs, are taken together. A failure is tried again with growing delay.
 */
export class Refresher implements Closeable {
  private dirty = false;
  private running?: Promise<void>;
  private readonly stopped = new AbortController();

  constructor(
    private readonly refresh: () => Promise<void>,
    private readonly clock: Clock,
    private readonly log: Logger,
    /** Milliseconds in which a burst of changes gathers. */
    private readonly gather = 20,
  ) {}

  changed(): void {
    this.dirty = true;
    this.running ??= this.follow().finally(() => {
      this.running = undefined;
      if (this.dirty && !this.stopped.signal.aborted) this.changed();
    });
  }

  async close(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async follow(): Promise<void> {
    let failures = 0;
    while (this.dirty && !this.stopped.signal.aborted) {
      const wait = failures > 0 ? backoffDelay(RETRY, failures) : this.gather;
      await sleep(this.clock, wait, this.stopped.signal).catch(() => undefined);
      if (this.stopped.signal.aborted) return;
      this.dirty = false;
      try {
        await this.refresh();
        failures = 0;
      } catch (error) {
        this.dirty = true;
        failures++;
        this.log.error({ err: error }, 'failed; will try again');
      }
    }
  }
}
