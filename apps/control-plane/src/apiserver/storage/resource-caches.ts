import type { Clock, Closeable } from '@gantry/base';
import type { KindInfo, KubeObject } from '@gantry/api';
import type { Logger } from '@gantry/observability';
import { type Store, WatchCache, objectKey, resourcePrefix } from '@gantry/store';
import { decodeObject } from './codec';

export type ObjectCache = WatchCache<KubeObject>;

export interface ResourceCachesOptions {
  store: Store;
  clock: Clock;
  log: Logger;
  /** Milliseconds between bookmarks; the cache's own default unless given. */
  bookmarkInterval?: number;
}

/** One watch cache per resource, started when it is first needed. Versions of a resource share their cache. */
export class ResourceCaches implements Closeable {
  private readonly caches = new Map<string, ObjectCache>();

  constructor(private readonly options: ResourceCachesOptions) {}

  /** The cache of a resource once it holds all of its objects. */
  async of(kind: KindInfo): Promise<ObjectCache> {
    const known = this.caches.get(kind.qualifiedResource);
    if (known?.synced) return known;
    const cache = known ?? this.open(kind);
    await cache.start();
    return cache;
  }

  /** An object as the cache has it, possibly a little old. Undefined also when the cache is not (yet) of use. */
  peek(kind: KindInfo, namespace: string | undefined, name: string): KubeObject | undefined {
    const cache = this.caches.get(kind.qualifiedResource);
    return cache?.synced ? cache.get(objectKey(kind.group, kind.plural, namespace, name)) : undefined;
  }

  /** Throws what keeps the caches from being current. */
  check(): void {
    const behind = [...this.caches].filter(([, cache]) => !cache.synced).map(([resource]) => resource);
    if (behind.length > 0) throw new Error(`not synced: ${behind.join(', ')}`);
  }

  close(): void {
    for (const cache of this.caches.values()) cache.close();
  }

  private open(kind: KindInfo): ObjectCache {
    const cache = new WatchCache<KubeObject>({
      ...this.options,
      prefix: resourcePrefix(kind.group, kind.plural),
      decode: decodeObject,
      stamp: (object, revision) => ({ ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }),
    });
    this.caches.set(kind.qualifiedResource, cache);
    return cache;
  }
}
