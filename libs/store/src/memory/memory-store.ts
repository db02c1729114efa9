import { systemClock, type Clock, type Closeable } from '@gantry/base';
import { assertKeysOnce } from '../operations';
import { SortedKeys } from '../sorted-keys';
import {
  FutureRevision,
  PreconditionFailed,
  RevisionCompacted,
  type Entry,
  type ListOptions,
  type ListResult,
  type Operation,
  type Store,
  type StoreEvent,
  type StoreWatcher,
} from '../store';
import { KeyHistory } from './key-history';
import { MemoryWatch } from './memory-watch';

export interface MemoryStoreOptions {
  clock?: Clock;
  /** Revisions kept before the store compacts by itself; 100,000 unless given. */
  historyLimit?: number;
}

/** A Store in this process: for tests, and for components that run alone and keep nothing. Nothing survives it. */
export class MemoryStore implements Store {
  private readonly clock: Clock;
  private readonly historyLimit: number;
  private readonly keys = new SortedKeys();
  private readonly histories = new Map<string, KeyHistory>();
  private readonly leases = new Map<string, Closeable>();
  private readonly watches = new Set<MemoryWatch>();
  /** Events by revision: `log[i]` holds those of revision `logStart + i`. */
  private readonly log: StoreEvent[][] = [];
  private logStart = 2;
  // etcd's first revision is 1 too, so that 0 can mean "absent".
  private current = 1;
  private compacted = 0;

  constructor(options: MemoryStoreOptions = {}) {
    this.clock = options.clock ?? systemClock;
    this.historyLimit = options.historyLimit ?? 100_000;
  }

  get(key: string): Promise<Entry | undefined> {
    return Promise.resolve(this.histories.get(key)?.current);
  }

  async list(prefix: string, options: ListOptions = {}): Promise<ListResult> {
    const revision = options.revision ?? this.current;
    if (revision > this.current) throw new FutureRevision(revision);
    if (revision < this.compacted) throw new RevisionCompacted(this.compacted);
    const all: Entry[] = [];
    for (const key of this.keys.range(prefix, options.after)) {
      const entry = this.histories.get(key)!.at(revision);
      if (entry) all.push(entry);
    }
    const entries = options.limit ? all.slice(0, options.limit) : all;
    const remaining = all.length - entries.length;
    return Promise.resolve({ entries, revision, more: remaining > 0, remaining });
  }

  async commit(operations: Operation[]): Promise<{ revision: number }> {
    assertKeysOnce(operations);
    for (const { key, expect } of operations) {
      const found = this.histories.get(key)?.current;
      if (expect !== undefined && (found?.modRevision ?? 0) !== expect) throw new PreconditionFailed(key, found);
    }
    return Promise.resolve({ revision: this.apply(operations) });
  }

  watch(prefix: string, fromRevision: number, watcher: StoreWatcher): Closeable {
    const watch: MemoryWatch = new MemoryWatch(prefix, fromRevision, watcher, {
      eventsAt: (revision) => this.log[revision - this.logStart]!,
      revision: () => this.current,
      compacted: () => this.compacted,
      left: () => void this.watches.delete(watch),
    });
    this.watches.add(watch);
    watch.wake();
    return watch;
  }

  revision(): Promise<number> {
    return Promise.resolve(this.current);
  }

  async compact(revision: number): Promise<void> {
    if (revision > this.current) throw new FutureRevision(revision);
    if (revision > this.compacted) this.forgetBefore(revision);
    return Promise.resolve();
  }

  close(): void {
    for (const lease of this.leases.values()) void lease.close();
    for (const watch of [...this.watches]) watch.close();
  }

  private apply(operations: Operation[]): number {
    const revision = this.current + 1;
    const events: StoreEvent[] = [];
    for (const operation of operations) {
      if (operation.type === 'put') events.push(this.put(operation, revision));
      else if (operation.type === 'delete' && this.histories.get(operation.key)?.current)
        events.push(this.delete(operation.key, revision));
    }
    if (events.length === 0) return this.current;
    this.current = revision;
    this.log.push(events);
    // Twice the limit, so that the cost of compacting is spread over as many writes.
    if (this.log.length > 2 * this.historyLimit) this.forgetBefore(revision - this.historyLimit);
    for (const watch of this.watches) watch.wake();
    return revision;
  }

  private put({ key, value, leaseSeconds }: Extract<Operation, { type: 'put' }>, revision: number): StoreEvent {
    let history = this.histories.get(key);
    if (!history) {
      this.histories.set(key, (history = new KeyHistory()));
      this.keys.add(key);
    }
    const entry: Entry = {
      key,
      value,
      createRevision: history.current?.createRevision ?? revision,
      modRevision: revision,
    };
    history.add(revision, entry);
    this.endLease(key);
    if (leaseSeconds !== undefined) {
      const expire = () => void this.apply([{ type: 'delete', key }]);
      this.leases.set(key, this.clock.after(leaseSeconds * 1000, expire));
    }
    return { type: 'put', entry };
  }

  private delete(key: string, revision: number): StoreEvent {
    this.histories.get(key)!.add(revision);
    this.endLease(key);
    return { type: 'delete', key, modRevision: revision };
  }

  private endLease(key: string): void {
    void this.leases.get(key)?.close();
    this.leases.delete(key);
  }

  private forgetBefore(revision: number): void {
    this.compacted = revision;
    // A watch from the compacted revision starts with the one after it, so the events of `revision` itself go too.
    this.log.splice(0, revision + 1 - this.logStart);
    this.logStart = Math.max(this.logStart, revision + 1);
    for (const [key, history] of this.histories) {
      if (!history.compact(revision)) continue;
      this.histories.delete(key);
      this.keys.delete(key);
    }
  }
}
