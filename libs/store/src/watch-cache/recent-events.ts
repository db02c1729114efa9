import type { CacheEvent } from './change';

/** The last events of a cache in revision order, for watches that begin a little in the past. */
export class RecentEvents<T> {
  private events: CacheEvent<T>[] = [];

  constructor(
    private readonly size: number,
    /** Every event after this revision is here. */
    private from = 0,
  ) {}

  get floor(): number {
    return this.from;
  }

  add(event: CacheEvent<T>): void {
    this.events.push(event);
    if (this.events.length <= 2 * this.size) return;
    const dropped = this.events.splice(0, this.events.length - this.size);
    this.from = dropped[dropped.length - 1]!.revision;
  }

  /** Forgets all; every event after `revision` will be added from now on. */
  restart(revision: number): void {
    this.events = [];
    this.from = revision;
  }

  after(revision: number): CacheEvent<T>[] {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.events[middle]!.revision > revision) high = middle;
      else low = middle + 1;
    }
    return this.events.slice(low);
  }
}
