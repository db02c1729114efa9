import type { Closeable } from '@gantry/base';

/**
 * Desired state, kept as bytes under keys, every write numbered by a revision that only grows.
 *
 * The contract, which `storeSuite` tests on every implementation:
 * - A write is a transaction: it happens wholly, at one revision, only if each of its preconditions held.
 * - A write whose outcome is not known (connection lost after sending) rejects with {@link AmbiguousWrite};
 *   it is never repeated silently. The caller reads again and decides by the precondition.
 * - `watch` delivers every change after its start revision exactly once, in revision order. When that is no longer
 *   possible (history compacted, stream broken beyond resume) it ends with {@link RevisionCompacted} and the watcher lists again.
 * - A read without a revision is linearizable: it sees every write acknowledged before it began.
 */
export interface Store extends Closeable {
  get(key: string): Promise<Entry | undefined>;

  /**
   * Entries under a prefix in key order, at one revision. Throws {@link RevisionCompacted} for one no longer kept
   * and {@link FutureRevision} for one not yet reached.
   */
  list(prefix: string, options?: ListOptions): Promise<ListResult>;

  /**
   * Applies all operations or none, all at one new revision; without effect (checks, deletes of absent keys) the
   * revision stays. A key may be named once. Throws {@link PreconditionFailed} naming the first key that was otherwise.
   */
  commit(operations: Operation[]): Promise<{ revision: number }>;

  /** Changes after `fromRevision` to keys under the prefix. Close to stop. */
  watch(prefix: string, fromRevision: number, watcher: StoreWatcher): Closeable;

  /** The store's revision now, linearizable. */
  revision(): Promise<number>;

  /** Forgets history before `revision`; reading at it and watching from it stay possible. */
  compact(revision: number): Promise<void>;
}

export interface Entry {
  key: string;
  value: Buffer;
  /** Revision of the key's creation. */
  createRevision: number;
  /** Revision of the last write: the object's resourceVersion. */
  modRevision: number;
}

export interface ListOptions {
  /** Read as of this revision; now, unless given. */
  revision?: number;
  limit?: number;
  /** Start after this key (exclusive): the next page. */
  after?: string;
}

export interface ListResult {
  entries: Entry[];
  revision: number;
  /** More keys follow the last entry. */
  more: boolean;
  /** Keys that follow, counted at `revision`. */
  remaining: number;
}

/** `expect` is the modRevision the key must have; 0 = the key must not exist; undefined = whatever it is. */
export type Operation =
  | { type: 'put'; key: string; value: Buffer; expect?: number; leaseSeconds?: number }
  | { type: 'delete'; key: string; expect?: number }
  | { type: 'check'; key: string; expect: number };

export type StoreEvent = { type: 'put'; entry: Entry } | { type: 'delete'; key: string; modRevision: number };

export interface StoreWatcher {
  /** Changes of one revision are never split over two calls. */
  onEvents(events: StoreEvent[], revision: number): void;
  /** Nothing up to this revision is outstanding (for bookmarks and consistent reads from a cache). */
  onProgress(revision: number): void;
  /** The watch has ended and will deliver nothing more. */
  onError(error: Error): void;
}

export class PreconditionFailed extends Error {
  override name = 'PreconditionFailed';
  constructor(
    readonly key: string,
    /** What is there instead, if anything. */
    readonly current?: Entry,
  ) {
    super(`precondition failed for ${key}`);
  }
}

export class RevisionCompacted extends Error {
  override name = 'RevisionCompacted';
  constructor(
    /** The oldest revision still kept, where the store said so. */
    readonly compactedTo?: number,
  ) {
    super(
      `the requested revision has been compacted${compactedTo === undefined ? '' : `; the oldest kept is ${compactedTo}`}`,
    );
  }
}

export class FutureRevision extends Error {
  override name = 'FutureRevision';
  constructor(readonly revision: number) {
    super(`revision ${revision} has not been reached yet`);
  }
}

/** The store may or may not have applied the write: read again before deciding anything. */
export class AmbiguousWrite extends Error {
  override name = 'AmbiguousWrite';
}

/** The store cannot be reached or has no quorum; nothing was written. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
}
