import { backoffDelay, systemClock, type Clock, type Closeable } from '@gantry/base';
import { silentLogger, type Logger } from '@gantry/observability';
import { eventKey } from '../operations';
import { RevisionCompacted, type Entry, type Store, type StoreEvent } from '../store';
import { CacheWatch, type CacheWatchOptions } from './cache-watch';
import { CacheEvent } from './change';
import { RecentEvents } from './recent-events';
import { RevisionGate } from './revision-gate';
import { Snapshot } from './snapshot';

export interface WatchCacheOptions<T> {
  store: Store;
  /** What the keys start with. */
  prefix: string;
  /** Makes the object of an entry, resourceVersion included. Called once per change; what it throws hides the entry and is logged. */
  decode: (entry: Entry) => T;
  /** A copy of the object with another revision as its resourceVersion: a deleted object carries its deletion's. */
  stamp: (object: T, revision: number) => T;
  clock?: Clock;
  log?: Logger;
  /** Events kept at least for watches from the past; 4,096 unless given. */
  recent?: number;
  /** Changes a watcher may leave unread before it is dropped; 1,000 unless given. */
  backlog?: number;
  /** Milliseconds between bookmarks; a minute unless given. */
  bookmarkInterval?: number;
  /** Milliseconds a reader waits for a revision; 3,000 unless given. */
  freshTimeout?: number;
}

const RELIST = { initial: 100, max: 5000, jitter: 0.5 };

/**
 * The objects of one resource in memory, kept current by a watch of the store: lists and watches of any number of
 * clients cost the store nothing.
 *
 * Reading is in two steps: first wait until the cache is fresh enough (`fresh()` for a consistent read, `reached()` for a
 * given resourceVersion, nothing for any version), then read synchronously. Objects are shared: never change them.
 *
 * When the store can't continue the watch, the cache lists again; its own watchers could have missed something, so they
 * end with {@link RevisionCompacted} and start over as well.
 */
export class WatchCache<T> implements Closeable {
  private readonly clock: Clock;
  private readonly log: Logger;
  private readonly snapshot: Snapshot<T>;
  private readonly recent: RecentEvents<T>;
  private readonly gate: RevisionGate;
  private readonly watches = new Set<CacheWatch<T>>();
  private readonly timers: { relist?: Closeable; bookmarks?: Closeable } = {};
  private source?: Closeable;
  private started?: Promise<void>;
  private ready = false;
  private closed = false;

  constructor(private readonly options: WatchCacheOptions<T>) {
    this.clock = options.clock ?? systemClock;
    this.log = (options.log ?? silentLogger).child({ scope: 'store.watch-cache', prefix: options.prefix });
    this.snapshot = new Snapshot((entry) => this.decode(entry));
    this.recent = new RecentEvents(options.recent ?? 4096);
    this.gate = new RevisionGate(this.clock, `the cache of ${options.prefix}`);
  }

  /** Resolves once the first list is in. Tries until then, or until closed. */
  start(): Promise<void> {
    this.started ??= new Promise((resolve) => {
      void this.relist(1, resolve);
      this.scheduleBookmarks();
    });
    return this.started;
  }

  /** True once listed, and while the list is kept current. */
  get synced(): boolean {
    return this.ready && this.source !== undefined;
  }

  /** The revision as of which reads are answered. */
  get revision(): number {
    return this.gate.revision;
  }

  get size(): number {
    return this.snapshot.size;
  }

  /** Waits until reads see every write acknowledged before the call. */
  async fresh(): Promise<void> {
    await this.reached(await this.options.store.revision());
  }

  /** Waits until reads see `revision`; rejects with StoreUnavailable when it takes too long. */
  reached(revision: number): Promise<void> {
    return this.gate.wait(revision, this.options.freshTimeout ?? 3000);
  }

  get(key: string): T | undefined {
    return this.snapshot.get(key);
  }

  /** In key order, as of {@link revision}. */
  list(prefix = this.options.prefix): T[] {
    return this.snapshot.list(prefix);
  }

  /** Changes after `fromRevision`. Throws {@link RevisionCompacted} when the cache no longer knows all of them. */
  watch(fromRevision: number, options: CacheWatchOptions<T> = {}): CacheWatch<T> {
    if (!this.synced || fromRevision < this.recent.floor) throw new RevisionCompacted(this.recent.floor);
    const missed = this.recent.after(fromRevision);
    const capacity = missed.length + (this.options.backlog ?? 1000);
    const watch = new CacheWatch<T>(options, fromRevision, capacity, () => this.watches.delete(watch));
    this.watches.add(watch);
    for (const event of missed) watch.offer(event);
    return watch;
  }

  close(): void {
    this.closed = true;
    void this.source?.close();
    void this.timers.relist?.close();
    void this.timers.bookmarks?.close();
    for (const watch of [...this.watches]) watch.close();
  }

  private async relist(tries: number, listed?: () => void): Promise<void> {
    try {
      const { entries, revision } = await this.options.store.list(this.options.prefix);
      if (this.closed) return;
      this.snapshot.replace(entries);
      this.recent.restart(revision);
      this.ready = true;
      this.gate.advance(revision);
      this.follow(revision);
      listed?.();
    } catch (error) {
      if (this.closed) return;
      this.log.warn({ err: error, tries }, 'could not list; trying again');
      this.timers.relist = this.clock.after(backoffDelay(RELIST, tries), () => void this.relist(tries + 1, listed));
    }
  }

  private follow(revision: number): void {
    this.source = this.options.store.watch(this.options.prefix, revision, {
      onEvents: (events, at) => {
        for (const event of events) this.apply(event, at);
        this.gate.advance(at);
      },
      onProgress: (at) => {
        this.gate.advance(at);
      },
      onError: (error) => {
        this.lost(error);
      },
    });
  }

  private apply(event: StoreEvent, revision: number): void {
    const key = eventKey(event);
    const previous = this.snapshot.get(key);
    const object = event.type === 'put' ? this.snapshot.put(event.entry) : undefined;
    if (event.type === 'delete') this.snapshot.delete(key);
    const told = new CacheEvent(key, revision, this.options.stamp, object, previous);
    this.recent.add(told);
    for (const watch of this.watches) watch.offer(told);
  }

  private lost(error: Error): void {
    if (this.closed) return;
    this.log.warn({ err: error, watchers: this.watches.size }, 'lost the watch of the store; listing again');
    this.source = undefined;
    for (const watch of [...this.watches]) watch.close(new RevisionCompacted());
    void this.relist(1);
  }

  private decode(entry: Entry): T | undefined {
    try {
      return this.options.decode(entry);
    } catch (error) {
      this.log.error(
        { err: error, key: entry.key, revision: entry.modRevision },
        'could not decode a stored object; it is left out',
      );
      return undefined;
    }
  }

  private scheduleBookmarks(): void {
    this.timers.bookmarks = this.clock.after(this.options.bookmarkInterval ?? 60_000, () => {
      for (const watch of this.watches) watch.bookmark(this.revision);
      this.scheduleBookmarks();
    });
  }
}
