import { type KubeObject, badRequest, expired, forbiddenField, invalid } from '@gantry/api';
import type { Closeable } from '@gantry/base';
import { random } from '@gantry/base';
import { type Bookmark, type CacheWatch, Change, RevisionCompacted } from '@gantry/store';
import type { Call, Services } from '../call';
import { awaitFreshness, readRevision } from '../reads/freshness';
import { type Selection, selectionOf } from '../reads/selection';
import { revisionOf } from '../storage/codec';
import { keyOf } from '../storage/object-storage';
import type { ObjectCache } from '../storage/resource-caches';

/** Everything there was at the beginning has been told (KEP-3157). */
export interface InitialEventsEnd {
  type: 'INITIAL-EVENTS-END';
  revision: number;
}

export type WatchItem = Change<KubeObject> | Bookmark | InitialEventsEnd;

// Watches without a deadline of their own end after half an hour to an hour, so that clients spread out again.
const MIN_TIMEOUT_SECONDS = 1800;

/**
 * Changes to the selected objects. What there is already comes first, as ADDED, unless the client says from which
 * revision on it wants to know.
 */
export async function watch(services: Services, call: Call): Promise<ApiWatch> {
  const { kind, options } = call;
  checkOptions(call);
  const selection = selectionOf(call);
  const cache = await services.caches.of(kind);
  const initial = options.sendInitialEvents ?? (!options.resourceVersion || options.resourceVersion === '0');
  await awaitFreshness(cache, options.resourceVersion);
  const from = initial || !Number(options.resourceVersion) ? cache.revision : readRevision(options.resourceVersion!);
  // From here to the subscription nothing may wait: the objects told and the changes after them must fit together.
  const first = initial ? initialItems(call, cache, selection) : [];
  const changes = subscribe(cache, from, selection, options.allowWatchBookmarks);
  const seconds = options.timeoutSeconds ?? MIN_TIMEOUT_SECONDS * (1 + random());
  const result = new ApiWatch(first, changes);
  result.endsWith(
    services.clock.after(seconds * 1000, () => {
      result.close();
    }),
  );
  return result;
}

function subscribe(
  cache: ObjectCache,
  from: number,
  selection: Selection,
  bookmarks?: boolean,
): CacheWatch<KubeObject> {
  const { key, prefix, filter } = selection;
  try {
    return cache.watch(from, { prefix: key ?? prefix, filter, bookmarks });
  } catch (error) {
    if (!(error instanceof RevisionCompacted)) throw error;
    throw Object.assign(expired(`too old resource version: ${from} (${error.compactedTo ?? cache.revision})`), {
      cause: error,
    });
  }
}

function initialItems({ kind, options }: Call, cache: ObjectCache, selection: Selection): WatchItem[] {
  const { key, prefix, filter } = selection;
  const objects = key === undefined ? cache.list(prefix) : [cache.get(key)].filter((object) => object !== undefined);
  const items: WatchItem[] = (filter ? objects.filter(filter) : objects).map(
    (object) => new Change('ADDED', keyOf(kind, object), object, revisionOf(object)),
  );
  if (options.sendInitialEvents && options.allowWatchBookmarks) {
    items.push({ type: 'INITIAL-EVENTS-END', revision: cache.revision });
  }
  return items;
}

function checkOptions({ options }: Call): void {
  const { sendInitialEvents, resourceVersionMatch, timeoutSeconds = 0 } = options;
  if (timeoutSeconds < 0) throw badRequest('timeoutSeconds: Invalid value: must be greater than or equal to 0');
  const problem =
    sendInitialEvents !== undefined && resourceVersionMatch !== 'NotOlderThan'
      ? 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'
      : sendInitialEvents === undefined && resourceVersionMatch !== undefined
        ? 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'
        : undefined;
  if (problem === undefined) return;
  const subject = { group: 'meta.k8s.io', kind: 'ListOptions', plural: 'listoptions' };
  throw invalid(subject, '', [forbiddenField('sendInitialEvents', problem)]);
}

/**
 * A watch under way. Read it with `for await`; it ends by itself when its time is over, throws Expired when the
 * client must list again, and stops when it is closed or the loop is left.
 */
export class ApiWatch implements AsyncIterable<WatchItem>, Closeable {
  private deadline?: Closeable;

  constructor(
    private readonly first: readonly WatchItem[],
    private readonly changes: CacheWatch<KubeObject>,
  ) {}

  endsWith(deadline: Closeable): void {
    this.deadline = deadline;
  }

  close(): void {
    void this.deadline?.close();
    this.changes.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchItem, void> {
    try {
      yield* this.first;
      yield* this.changes;
    } catch (error) {
      throw error instanceof RevisionCompacted
        ? Object.assign(expired('too old resource version'), { cause: error })
        : error;
    } finally {
      this.close();
    }
  }
}
