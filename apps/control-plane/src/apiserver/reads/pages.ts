import { type KindInfo, type KubeObject, expired } from '@gantry/api';
import { type ListResult, RevisionCompacted } from '@gantry/store';
import { decodeObject } from '../storage/codec';
import { type ObjectStorage, keyOf } from '../storage/object-storage';
import type { ObjectCache } from '../storage/resource-caches';
import type { Selection } from './selection';

/** Some objects of a selection in key order, as of one revision. */
export interface Page {
  items: KubeObject[];
  revision: number;
  more: boolean;
  /** Objects after this page; unknown when a filter would have to look at them. */
  remaining?: number;
}

export interface PageRequest {
  kind: KindInfo;
  selection: Selection;
  /** Start after this key; '' = from the beginning. */
  after: string;
  /** Infinity = all. */
  limit: number;
}

// Entries read from the store at once while a filter decides which of them count.
const STORE_BATCH = 500;

/** A page as of the cache's revision. */
export function cachePage(cache: ObjectCache, { kind, selection, after, limit }: PageRequest): Page {
  const { revision } = cache;
  const { key, prefix, filter } = selection;
  if (key !== undefined) {
    const object = cache.get(key);
    const items = object && (filter?.(object) ?? true) ? [object] : [];
    return { items, revision, more: false };
  }
  const all = cache.list(prefix);
  const rest = after === '' ? all : all.filter((object) => keyOf(kind, object) > after);
  if (!filter) {
    const remaining = Math.max(0, rest.length - limit);
    return { items: remaining ? rest.slice(0, limit) : rest, revision, more: remaining > 0, remaining };
  }
  const items: KubeObject[] = [];
  const more = take(items, rest, filter, limit);
  return { items, revision, more };
}

/** A page as of a past revision, from the store's history. Throws Expired when that is no longer kept. */
export async function storePage(storage: ObjectStorage, revision: number, request: PageRequest): Promise<Page> {
  const { prefix, filter } = request.selection;
  const finite = Number.isFinite(request.limit);
  const batch = finite ? (filter ? Math.max(request.limit, STORE_BATCH) : request.limit) : undefined;
  const items: KubeObject[] = [];
  let after: string | undefined = request.after || undefined;
  for (;;) {
    const result = await historyOf(storage.list(prefix, { revision, after, limit: batch }));
    const objects = result.entries.map(decodeObject);
    if (!filter) return { items: objects, revision, more: result.more, remaining: result.remaining };
    if (take(items, objects, filter, request.limit)) return { items, revision, more: true };
    if (!result.more) return { items, revision, more: false };
    after = result.entries.at(-1)!.key;
  }
}

/** Adds the objects that pass until there are `limit`; true when one more would have passed. */
function take(
  items: KubeObject[],
  from: readonly KubeObject[],
  filter: (object: KubeObject) => boolean,
  limit: number,
): boolean {
  for (const object of from) {
    if (!filter(object)) continue;
    if (items.length === limit) return true;
    items.push(object);
  }
  return false;
}

async function historyOf(result: Promise<ListResult>): Promise<ListResult> {
  try {
    return await result;
  } catch (error) {
    if (!(error instanceof RevisionCompacted)) throw error;
    throw Object.assign(expired('The resourceVersion for the provided list is too old.'), { cause: error });
  }
}
