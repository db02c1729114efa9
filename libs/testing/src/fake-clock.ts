import type { Clock, Closeable } from '@gantry/base';

interface Timer {
  at: number;
  fn: () => void;
}

/** Time that stands still until a spec moves it. */
export class FakeClock implements Clock {
  private readonly timers = new Set<Timer>();
  private elapsed = 0;

  /** `start`: the wall-clock time it begins at, in milliseconds since the epoch. */
  constructor(private readonly start = Date.UTC(2030, 0, 1)) {}

  now(): number {
    return this.start + this.elapsed;
  }

  monotonic(): number {
    return this.elapsed;
  }

  after(ms: number, fn: () => void): Closeable {
    const timer = { at: this.elapsed + Math.max(0, ms), fn };
    this.timers.add(timer);
    return { close: () => void this.timers.delete(timer) };
  }

  /** Timers that have not run: a leak if the code under test was closed. */
  get pending(): number {
    return this.timers.size;
  }

  /** Moves time on, running due timers in order; what they started in microtasks and I/O callbacks runs in between. */
  async advance(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    await settled();
    for (let next = this.due(end); next; next = this.due(end)) {
      this.timers.delete(next);
      this.elapsed = Math.max(this.elapsed, next.at);
      next.fn();
      await settled();
    }
    this.elapsed = end;
    await settled();
  }

  private due(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) {
      if (timer.at <= end && (!first || timer.at < first.at)) first = timer;
    }
    return first;
  }
}

/** Lets promises that are ready run on, a few links deep. */
async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}
