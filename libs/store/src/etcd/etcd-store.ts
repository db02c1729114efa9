import { status } from '@grpc/grpc-js';
import { systemClock, type Clock, type Closeable } from '@gantry/base';
import { silentLogger, type Logger } from '@gantry/observability';
import type { ICompare, IRangeRequest, IRequestOp, ITxnResponse } from 'etcd3/lib/rpc';
import { assertKeysOnce } from '../operations';
import { SharedRead } from '../shared-read';
import {
  FutureRevision,
  PreconditionFailed,
  RevisionCompacted,
  StoreUnavailable,
  type Entry,
  type ListOptions,
  type ListResult,
  type Operation,
  type Store,
  type StoreWatcher,
} from '../store';
import { entryOf, prefixEnd } from './entries';
import { EtcdConnection, type EtcdOptions } from './etcd-connection';
import { EtcdFailure } from './etcd-failure';
import { EventFeed } from './event-feed';
import { LeasePool } from './lease-pool';
import { WatchHub } from './watch-hub';

export interface EtcdStoreOptions extends EtcdOptions {
  clock?: Clock;
  log?: Logger;
}

/** Entries fetched at a time: bounds how long decoding one answer keeps the process from anything else. */
const PAGE = 2000;

/** The Store over etcd v3: a commit is a transaction on mod-revisions, a resourceVersion is etcd's revision. */
export class EtcdStore implements Store {
  private readonly connection: EtcdConnection;
  private readonly hub: WatchHub;
  private readonly leases: LeasePool;
  private readonly revisionRead = new SharedRead(() => this.readRevision());

  constructor(options: EtcdStoreOptions) {
    const clock = options.clock ?? systemClock;
    const log = (options.log ?? silentLogger).child({ scope: 'store.etcd' });
    this.connection = new EtcdConnection(options, clock);
    this.leases = new LeasePool(this.connection.lease, clock);
    this.hub = new WatchHub((position, sink) => new EventFeed(this.connection, clock, position, sink, log));
  }

  async get(key: string): Promise<Entry | undefined> {
    const { kvs } = await forReader(this.connection.kv.range({ key: Buffer.from(key) }));
    return kvs[0] && entryOf(kvs[0]);
  }

  async list(prefix: string, options: ListOptions = {}): Promise<ListResult> {
    const entries: Entry[] = [];
    let { after, revision } = options;
    for (;;) {
      const limit = options.limit ? Math.min(PAGE, options.limit - entries.length) : PAGE;
      const page = await this.page(prefix, { after, revision, limit });
      entries.push(...page.entries);
      revision = page.revision;
      after = page.entries[page.entries.length - 1]?.key;
      if (!page.more || entries.length === options.limit) return { ...page, entries };
    }
  }

  async commit(operations: Operation[]): Promise<{ revision: number }> {
    assertKeysOnce(operations);
    const expected = operations.filter((operation) => operation.expect !== undefined);
    const result = await this.transact(operations, expected).catch((error: unknown) => {
      throw error instanceof EtcdFailure ? error.forCaller('write') : error;
    });
    if (!result.succeeded) throw failedPrecondition(expected, result);
    return { revision: Number(result.header.revision) };
  }

  watch(prefix: string, fromRevision: number, watcher: StoreWatcher): Closeable {
    return this.hub.watch(prefix, fromRevision, watcher);
  }

  /** Callers at the same time share one round trip. */
  revision(): Promise<number> {
    return this.revisionRead.read();
  }

  async compact(revision: number): Promise<void> {
    try {
      await this.connection.kv.compact({ revision });
    } catch (error) {
      if (isFuture(error)) throw new FutureRevision(revision);
      if (!isCompacted(error)) throw forReading(error);
    }
    this.hub.compacted(revision);
  }

  close(): void {
    this.hub.close();
    this.connection.close();
  }

  private async page(prefix: string, options: ListOptions & { limit: number }): Promise<ListResult> {
    const request: IRangeRequest = {
      key: Buffer.from(options.after === undefined || options.after < prefix ? prefix : `${options.after}\0`),
      range_end: prefixEnd(prefix),
      revision: options.revision ?? 0,
      limit: options.limit,
    };
    try {
      const { kvs, count, more, header } = await this.connection.kv.range(request);
      const entries = kvs.map(entryOf);
      return {
        entries,
        more,
        remaining: Number(count) - entries.length,
        revision: options.revision ?? Number(header.revision),
      };
    } catch (error) {
      if (isCompacted(error)) throw new RevisionCompacted();
      if (isFuture(error)) throw new FutureRevision(options.revision!);
      throw forReading(error);
    }
  }

  private async transact(operations: Operation[], expected: Operation[]): Promise<ITxnResponse> {
    const compare = expected.map(({ key, expect }): ICompare => ({
      target: 'Mod',
      result: 'Equal',
      key: Buffer.from(key),
      mod_revision: expect,
    }));
    const success = (await Promise.all(operations.map((operation) => this.requestOf(operation)))).flat();
    // What is there instead, read in the same transaction.
    const failure = expected.map(({ key }): IRequestOp => ({ request_range: { key: Buffer.from(key) } }));
    try {
      return await this.connection.kv.txn({ compare, success, failure });
    } catch (error) {
      if (error instanceof EtcdFailure && error.message.includes('lease not found')) this.leases.forget();
      throw error;
    }
  }

  private async requestOf(operation: Operation): Promise<IRequestOp[]> {
    const key = Buffer.from(operation.key);
    if (operation.type === 'check') return [];
    if (operation.type === 'delete') return [{ request_delete_range: { key } }];
    if (operation.leaseSeconds === undefined) return [{ request_put: { key, value: operation.value } }];
    const lease = await this.leases.lease(operation.leaseSeconds).catch((error: unknown) => {
      // Nothing of the transaction has been sent, whatever became of the lease.
      throw new StoreUnavailable('etcd granted no lease', { cause: error });
    });
    return [{ request_put: { key, value: operation.value, lease } }];
  }

  private async readRevision(): Promise<number> {
    // A linearizable read of a key that is never there: the answer's header holds the revision.
    const { header } = await forReader(this.connection.kv.range({ key: Buffer.from([0]), count_only: true }));
    return Number(header.revision);
  }
}

function failedPrecondition(expected: Operation[], { responses }: ITxnResponse): PreconditionFailed {
  const found = responses.map(({ response_range }) => response_range.kvs[0]).map((kv) => kv && entryOf(kv));
  const first = expected.findIndex(({ expect }, i) => (found[i]?.modRevision ?? 0) !== expect);
  return new PreconditionFailed(expected[first]!.key, found[first]);
}

function forReader<T>(read: Promise<T>): Promise<T> {
  return read.catch((error: unknown) => {
    throw forReading(error);
  });
}

function forReading(error: unknown): unknown {
  return error instanceof EtcdFailure ? error.forCaller('read') : error;
}

function isCompacted(error: unknown): boolean {
  return error instanceof EtcdFailure && error.code === status.OUT_OF_RANGE && error.message.includes('compacted');
}

function isFuture(error: unknown): boolean {
  return error instanceof EtcdFailure && error.code === status.OUT_OF_RANGE && error.message.includes('future');
}
