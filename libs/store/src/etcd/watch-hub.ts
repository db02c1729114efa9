import type { Closeable } from '@gantry/base';
import { eventKey, eventRevision } from '../operations';
import type { StoreEvent, StoreWatcher } from '../store';
import type { EventSink } from './event-feed';

/** Opens a feed of everything after a revision. */
export type OpenFeed = (position: number, sink: EventSink) => Closeable;

interface Batch {
  revision: number;
  events: StoreEvent[];
}

/** Revisions kept in memory for watches that begin a little in the past. */
const RECENT = 1000;

/**
 * One feed of events for all watches of a process. A watch that begins before what the hub remembers catches up on a
 * feed of its own, and joins the others once it is there.
 */
export class WatchHub implements Closeable {
  private feed?: Closeable;
  /** `recent` holds every batch after this revision. */
  private floor = 0;
  private position = 0;
  private recent: Batch[] = [];
  private readonly watches = new Set<HubWatch>();
  private readonly catchingUp = new Set<HubWatch>();

  constructor(private readonly openFeed: OpenFeed) {}

  watch(prefix: string, fromRevision: number, watcher: StoreWatcher): Closeable {
    const watch = new HubWatch(prefix, fromRevision, watcher, () => {
      this.watches.delete(watch);
      this.catchingUp.delete(watch);
    });
    // Never deliver inside the call that asked: the caller does not hold the watch yet.
    queueMicrotask(() => {
      this.admit(watch);
    });
    return watch;
  }

  /** History before `revision` is gone from etcd, and so from here. */
  compacted(revision: number): void {
    this.forgetBefore(
      this.recent.findIndex((batch) => batch.revision > revision),
      revision,
    );
  }

  close(): void {
    void this.feed?.close();
    for (const watch of [...this.watches, ...this.catchingUp]) watch.close();
  }

  private admit(watch: HubWatch): void {
    if (watch.closed) return;
    this.feed ??= this.openFrom(watch.position);
    if (watch.position < this.floor) this.catchUp(watch);
    else this.join(watch);
  }

  private openFrom(revision: number): Closeable {
    this.floor = revision;
    this.position = revision;
    return this.openFeed(revision, {
      onEvents: (events, last) => {
        this.receive(events, last);
      },
      onError: (error) => {
        this.feed = undefined;
        this.recent = [];
        for (const watch of [...this.watches]) watch.fail(error);
      },
    });
  }

  private join(watch: HubWatch): void {
    this.watches.add(watch);
    for (const batch of this.recent) watch.deliver(batch);
    watch.progress(this.position);
  }

  private catchUp(watch: HubWatch): void {
    this.catchingUp.add(watch);
    watch.own = this.openFeed(watch.position, {
      onEvents: (events, last) => {
        for (const batch of byRevision(events)) watch.deliver(batch);
        watch.progress(last);
        if (last < this.floor || watch.closed) return;
        void watch.own?.close();
        this.catchingUp.delete(watch);
        this.join(watch);
      },
      onError: (error) => {
        watch.fail(error);
      },
    });
  }

  private receive(events: StoreEvent[], last: number): void {
    const batches = byRevision(events);
    this.recent.push(...batches);
    this.position = last;
    for (const watch of this.watches) {
      for (const batch of batches) watch.deliver(batch);
      watch.progress(last);
    }
    if (this.recent.length > 2 * RECENT) {
      const dropped = this.recent.length - RECENT;
      this.forgetBefore(dropped, this.recent[dropped - 1]!.revision);
    }
  }

  /** Drops the first `count` batches (all of them for -1), the last of which is of `revision` or earlier. */
  private forgetBefore(count: number, revision: number): void {
    this.recent.splice(0, count < 0 ? this.recent.length : count);
    this.floor = Math.max(this.floor, revision);
  }
}

class HubWatch implements Closeable {
  closed = false;
  /** Its feed while it catches up. */
  own?: Closeable;
  private reported: number;

  constructor(
    private readonly prefix: string,
    /** Everything up to here has been delivered. */
    public position: number,
    private readonly watcher: StoreWatcher,
    private readonly left: () => void,
  ) {
    this.reported = position;
  }

  deliver({ revision, events }: Batch): void {
    if (this.closed || revision <= this.position) return;
    this.position = revision;
    const mine = events.filter((event) => eventKey(event).startsWith(this.prefix));
    if (mine.length === 0) return;
    this.reported = revision;
    this.watcher.onEvents(mine, revision);
  }

  progress(revision: number): void {
    if (this.closed || revision <= this.reported) return;
    this.reported = this.position = revision;
    this.watcher.onProgress(revision);
  }

  fail(error: Error): void {
    if (this.closed) return;
    this.close();
    this.watcher.onError(error);
  }

  close(): void {
    this.closed = true;
    void this.own?.close();
    this.left();
  }
}

function byRevision(events: StoreEvent[]): Batch[] {
  const batches: Batch[] = [];
  for (const event of events) {
    const revision = eventRevision(event);
    const last = batches[batches.length - 1];
    if (last?.revision === revision) last.events.push(event);
    else batches.push({ revision, events: [event] });
  }
  return batches;
}
