import { backoffDelay, systemClock, type BackoffPolicy, type Clock, type Closeable } from '@gantry/base';
import { WorkQueueMetrics } from './work-queue-metrics';

export interface WorkQueueOptions {
  /** Label of the queue's metrics. */
  name: string;
  clock?: Clock;
  metrics?: WorkQueueMetrics;
  /** How long a key waits after failures in a row; 10 ms doubled up to 5 minutes unless given. */
  backoff?: BackoffPolicy;
}

const BACKOFF = { initial: 10, max: 300_000 };

/**
 * Keys that want work. A key waits at most once however often it is added, and is handed to one worker at a time: added
 * again while it is worked on, it waits until that is done.
 */
export class WorkQueue implements Closeable {
  private readonly clock: Clock;
  private readonly metrics: WorkQueueMetrics;
  /** Keys that wait, in order, with the time since when. */
  private readonly waiting = new Map<string, number>();
  private readonly working = new Map<string, number>();
  /** Added while being worked on. */
  private readonly again = new Set<string>();
  private readonly delayed = new Map<string, { at: number; timer: Closeable }>();
  private readonly failed = new Map<string, number>();
  private readonly takers: (() => void)[] = [];
  private closed = false;

  constructor(private readonly options: WorkQueueOptions) {
    this.clock = options.clock ?? systemClock;
    this.metrics = options.metrics ?? WorkQueueMetrics.none;
  }

  get depth(): number {
    return this.waiting.size;
  }

  add(key: string): void {
    if (this.closed || this.waiting.has(key) || this.again.has(key)) return;
    this.metrics.added(this.options.name);
    if (this.working.has(key)) this.again.add(key);
    else this.enqueue(key);
  }

  /** Adds the key in `ms` milliseconds; of several delays of one key the shortest counts. */
  addAfter(key: string, ms: number): void {
    if (this.closed) return;
    const at = this.clock.monotonic() + ms;
    const earlier = this.delayed.get(key);
    if (earlier && earlier.at <= at) return;
    void earlier?.timer.close();
    const timer = this.clock.after(ms, () => {
      this.delayed.delete(key);
      this.add(key);
    });
    this.delayed.set(key, { at, timer });
  }

  /** Adds the key after a delay that grows with each call until `forget`. */
  addBackedOff(key: string): void {
    const failures = (this.failed.get(key) ?? 0) + 1;
    this.failed.set(key, failures);
    this.metrics.retried(this.options.name);
    this.addAfter(key, backoffDelay(this.options.backoff ?? BACKOFF, failures));
  }

  /** The key did well: its next failure starts with the shortest delay. */
  forget(key: string): void {
    this.failed.delete(key);
  }

  /** Failures in a row. */
  failures(key: string): number {
    return this.failed.get(key) ?? 0;
  }

  /** The next key, to be given back with `done`; undefined once the signal aborts or the queue is closed. */
  async take(signal?: AbortSignal): Promise<string | undefined> {
    while (!this.closed && !signal?.aborted) {
      const next = this.waiting.entries().next();
      if (!next.done) return this.handOut(...next.value);
      await this.arrival(signal);
    }
    return undefined;
  }

  done(key: string): void {
    const since = this.working.get(key);
    if (since === undefined) return;
    this.working.delete(key);
    this.metrics.worked(this.options.name, this.clock.monotonic() - since);
    if (this.again.delete(key)) this.enqueue(key);
  }

  close(): void {
    this.closed = true;
    for (const { timer } of this.delayed.values()) void timer.close();
    this.delayed.clear();
    for (const wake of this.takers.splice(0)) wake();
  }

  private enqueue(key: string): void {
    this.waiting.set(key, this.clock.monotonic());
    this.metrics.depth(this.options.name, this.depth);
    this.takers.shift()?.();
  }

  private handOut(key: string, since: number): string {
    const now = this.clock.monotonic();
    this.waiting.delete(key);
    this.working.set(key, now);
    this.metrics.taken(this.options.name, now - since);
    this.metrics.depth(this.options.name, this.depth);
    return key;
  }

  private arrival(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.takers.splice(this.takers.indexOf(wake), 1);
        wake();
      };
      this.takers.push(wake);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }
}
