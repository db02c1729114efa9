import { isStatus, StatusError, type KubeObject, type Status, type WatchEvent } from '@gantry/api';
import { backoffDelay, random, sleep, systemClock, type Clock, type Closeable } from '@gantry/base';
import { keyText } from '../object-key';
import type { ResourceClient, ListRequest } from '../typed-client';
import { deepFreeze } from './deep-freeze';
import { ObjectCache, type IndexValues, type Lister } from './object-cache';

/** One object's change in the cache: no `old`, it was added; no `new`, it is gone. */
export interface CacheChange<T> {
  key: string;
  old?: T;
  new?: T;
}

export type ChangeHandler<T> = (change: CacheChange<T>) => void;

export interface InformerOptions {
  clock?: Clock;
  /** Told of every failure that the informer gets over by itself. */
  onRetry?: (error: unknown, failures: number) => void;
  /** Freeze objects deeply, so that a reader that changes one fails at once. For tests: it costs time. */
  freeze?: boolean;
}

/** Which objects of the kind. */
export type InformerScope = Pick<ListRequest, 'namespace' | 'labelSelector' | 'fieldSelector'>;

const RETRY = { initial: 200, max: 30_000, jitter: 0.5 };

/** A watch that ends sooner than this, in milliseconds, without an event counts as failed: no hot loop. */
const SHORT_WATCH = 1000;

/**
 * Keeps a cache of a kind current: lists, watches from there, and lists again when the watch can't be continued.
 *
 * Handlers run in order, synchronously with the change of the cache, and must not throw or take long; usually they add
 * a key to a queue. What they missed between a list and the next shows up as the difference of the two, so a handler
 * sees each object's latest state but not every state. Objects are never changed, here or by readers.
 */
export class Informer<T extends KubeObject> implements Closeable {
  private readonly objects = new ObjectCache<T>();
  private readonly handlers = new Set<ChangeHandler<T>>();
  private readonly clock: Clock;
  private readonly stop = new AbortController();
  private readonly firstList: Promise<void>;
  private resolveFirstList!: () => void;
  private running?: Promise<void>;
  private resourceVersion = '';
  private failures = 0;
  private listed = false;

  constructor(
    private readonly resource: ResourceClient<T>,
    private readonly scope: InformerScope = {},
    private readonly options: InformerOptions = {},
  ) {
    this.clock = options.clock ?? systemClock;
    this.firstList = new Promise((resolve) => (this.resolveFirstList = resolve));
  }

  get cache(): Lister<T> {
    return this.objects;
  }

  /** The first list is in the cache and every handler was told of it. */
  get isSynced(): boolean {
    return this.listed;
  }

  /** Resolves once synced; never if the informer is closed before. */
  synced(): Promise<void> {
    return this.firstList;
  }

  addIndex(name: string, values: IndexValues<T>): void {
    this.objects.addIndex(name, values);
  }

  /** A handler that comes late is told first what is there, as additions. */
  onChange(handler: ChangeHandler<T>): Closeable {
    for (const key of this.objects.keys()) handler({ key, new: this.objects.get(key)! });
    this.handlers.add(handler);
    return { close: () => void this.handlers.delete(handler) };
  }

  start(): this {
    this.running ??= this.run();
    return this;
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stop;
    let current = false;
    while (!signal.aborted) {
      try {
        if (!current) await this.list();
        current = true;
        await this.follow(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (isStatus(error, 'Expired', 'Gone')) current = false;
        await this.pause(error);
      }
    }
  }

  /** Without a resourceVersion: the server answers with its newest state, never an older one. */
  private async list(): Promise<void> {
    const { items, metadata } = await this.resource.list(this.scope);
    if (this.stop.signal.aborted) return;
    const gone = new Set(this.objects.keys());
    for (const object of items) {
      gone.delete(keyText(object.metadata));
      this.put(object);
    }
    for (const key of gone) this.delete(key);
    this.resourceVersion = metadata.resourceVersion ?? '';
    this.failures = 0;
    this.listed = true;
    this.resolveFirstList();
  }

  /** Applies the events of one watch until the server ends it. */
  private async follow(signal: AbortSignal): Promise<void> {
    const began = this.clock.monotonic();
    let events = 0;
    const watch = this.resource.watch(
      {
        ...this.scope,
        resourceVersion: this.resourceVersion,
        allowWatchBookmarks: true,
        // Spread, so that the watches of many clients do not end together.
        timeoutSeconds: Math.round(300 * (1 + random())),
      },
      signal,
    );
    for await (const event of watch) {
      if (signal.aborted) return;
      this.apply(event);
      events++;
      this.failures = 0;
    }
    if (events === 0 && this.clock.monotonic() - began < SHORT_WATCH)
      await this.pause(new Error('the watch ended at once'));
  }

  private apply({ type, object }: WatchEvent<T>): void {
    switch (type) {
      case 'ERROR':
        throw StatusError.fromStatus(object as unknown as Status);
      case 'DELETED':
        this.delete(keyText(object.metadata), object);
        break;
      case 'ADDED':
      case 'MODIFIED':
        this.put(object);
        break;
      case 'BOOKMARK':
        break;
    }
    this.resourceVersion = object.metadata.resourceVersion;
  }

  private put(object: T): void {
    const key = keyText(object.metadata);
    const known = this.objects.get(key);
    if (known?.metadata.resourceVersion === object.metadata.resourceVersion) return;
    if (this.options.freeze) deepFreeze(object);
    this.objects.put(key, object);
    if (known && known.metadata.uid !== object.metadata.uid) {
      // Deleted and made again between two looks: to whoever follows the old one, it is gone.
      this.tell({ key, old: known });
      this.tell({ key, new: object });
    } else {
      this.tell({ key, old: known, new: object });
    }
  }

  /** `last`: the state it was deleted in, if told. */
  private delete(key: string, last?: T): void {
    const known = this.objects.delete(key);
    if (known) this.tell({ key, old: last ?? known });
  }

  private tell(change: CacheChange<T>): void {
    for (const handler of this.handlers) handler(change);
  }

  private async pause(error: unknown): Promise<void> {
    this.failures++;
    this.options.onRetry?.(error, this.failures);
    const asked = error instanceof StatusError ? (error.details?.retryAfterSeconds ?? 0) * 1000 : 0;
    await sleep(this.clock, Math.max(asked, backoffDelay(RETRY, this.failures)), this.stop.signal).catch(
      () => undefined,
    );
  }
}
