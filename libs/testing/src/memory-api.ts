import {
  alreadyExists,
  badRequest,
  cloneJson,
  conflict,
  expired,
  notFound,
  parseLabelSelector,
  success,
  type ApiRequest,
  type KubeObject,
  type RequestOptions,
  type Subject,
  type WatchEvent,
} from '@gantry/api';
import { systemClock, uuid, type Clock, type Closeable } from '@gantry/base';
import type { Transport } from '@gantry/client';
import {
  MemoryStore,
  objectKey,
  PreconditionFailed,
  resourcePrefix,
  RevisionCompacted,
  WatchCache,
} from '@gantry/store';

/**
 * An API that stores and nothing more: no defaults, no validation, no admission. For specs of what lies below the
 * apiserver; whatever depends on the API's rules is tested with the real one.
 */
export class MemoryApi implements Transport, Closeable {
  /** Runs before each request; throw to make it fail. */
  before?: (request: ApiRequest) => void | Promise<void>;
  private readonly store = new MemoryStore();
  private readonly caches = new Map<string, WatchCache<KubeObject>>();
  private watches = new Set<(error: Error) => void>();

  constructor(private readonly clock: Clock = systemClock) {}

  async request(request: ApiRequest): Promise<unknown> {
    await this.before?.(request);
    switch (request.verb) {
      case 'get':
        return (await this.read(request)).object;
      case 'list':
        return this.list(request);
      case 'create':
        return this.create(request);
      case 'update':
        return this.update(
          request,
          (request.body as KubeObject).metadata.resourceVersion,
          () => request.body as KubeObject,
        );
      case 'patch':
        return this.update(request, undefined, (object) => mergePatch(object, request.body) as KubeObject);
      case 'delete':
        return this.delete(request);
      default:
        throw badRequest(`${request.verb} is not known here`);
    }
  }

  async *watch(request: ApiRequest, signal: AbortSignal): AsyncIterable<WatchEvent> {
    await this.before?.(request);
    const cache = await this.cache(request);
    if (signal.aborted) return;
    const { filter, options } = { filter: matcher(request), options: request.options ?? {} };
    const prefix = request.namespace ? resourcePrefix(request.group, request.resource, request.namespace) : undefined;
    const from = options.resourceVersion ? Number(options.resourceVersion) : cache.revision;
    const watch = (() => {
      try {
        return cache.watch(from, { filter, prefix });
      } catch (error) {
        throw error instanceof RevisionCompacted ? expired() : error;
      }
    })();
    const stop = () => {
      watch.close();
    };
    const fail = (error: Error) => {
      watch.close(error);
    };
    signal.addEventListener('abort', stop);
    this.watches.add(fail);
    try {
      for await (const change of watch) {
        if (change.type !== 'BOOKMARK') yield { type: change.type, object: change.object };
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.watches.delete(fail);
    }
  }

  /** Breaks all watches: readers get the error thrown. */
  breakWatches(error: Error): void {
    for (const fail of [...this.watches]) fail(error);
  }

  close(): void {
    for (const cache of this.caches.values()) cache.close();
    this.store.close();
  }

  private async list(request: ApiRequest) {
    // From now on watches may start at what this list shows.
    await this.cache(request);
    const { entries, revision } = await this.store.list(
      resourcePrefix(request.group, request.resource, request.namespace),
    );
    const items = entries.map((entry) => decode(entry.value, entry.modRevision)).filter(matcher(request));
    return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: String(revision) }, items };
  }

  private async create(request: ApiRequest): Promise<KubeObject> {
    // A subresource such as a pod's binding has its own rules, which are the apiserver's.
    if (request.subresource) throw badRequest(`${request.subresource} is not known here`);
    const object = cloneJson(request.body as KubeObject);
    Object.assign(object.metadata, { uid: uuid(), creationTimestamp: new Date(this.clock.now()).toISOString() });
    object.metadata.name ??= `${object.metadata.generateName ?? ''}${uuid().slice(0, 5)}`;
    return this.write(request, object, 0);
  }

  private async update(
    request: ApiRequest,
    expected: string | undefined,
    change: (object: KubeObject) => KubeObject,
  ): Promise<KubeObject> {
    const { object, revision } = await this.read(request);
    if (expected !== undefined && Number(expected) !== revision) throw conflict(subject(request), request.name!);
    return this.write(request, cloneJson(change(object)), revision);
  }

  private async delete(request: ApiRequest): Promise<unknown> {
    const { object } = await this.read(request);
    const { preconditions } = (request.body ?? {}) as { preconditions?: { uid?: string } };
    if (preconditions?.uid && preconditions.uid !== object.metadata.uid)
      throw conflict(subject(request), request.name!);
    await this.store.commit([{ type: 'delete', key: this.key(request, request.name!) }]);
    return success();
  }

  private async read(request: ApiRequest): Promise<{ object: KubeObject; revision: number }> {
    const entry = await this.store.get(this.key(request, request.name!));
    if (!entry) throw notFound(subject(request), request.name!);
    return { object: decode(entry.value, entry.modRevision), revision: entry.modRevision };
  }

  private async write(request: ApiRequest, object: KubeObject, expect: number): Promise<KubeObject> {
    const { name } = object.metadata;
    try {
      const value = Buffer.from(JSON.stringify(object));
      const { revision } = await this.store.commit([{ type: 'put', key: this.key(request, name), value, expect }]);
      return decode(value, revision);
    } catch (error) {
      if (!(error instanceof PreconditionFailed)) throw error;
      throw expect === 0 ? alreadyExists(subject(request), name) : conflict(subject(request), name);
    }
  }

  private key({ group, resource, namespace }: ApiRequest, name: string): string {
    return objectKey(group, resource, namespace, name);
  }

  private async cache({ group, resource }: ApiRequest): Promise<WatchCache<KubeObject>> {
    const prefix = resourcePrefix(group, resource);
    let cache = this.caches.get(prefix);
    if (!cache) {
      cache = new WatchCache<KubeObject>({
        store: this.store,
        prefix,
        decode: (entry) => decode(entry.value, entry.modRevision),
        stamp: (object, revision) => ({
          ...object,
          metadata: { ...object.metadata, resourceVersion: String(revision) },
        }),
      });
      this.caches.set(prefix, cache);
    }
    await cache.start();
    await cache.fresh();
    return cache;
  }
}

function decode(value: Buffer, revision: number): KubeObject {
  const object = JSON.parse(value.toString()) as KubeObject;
  object.metadata.resourceVersion = String(revision);
  return object;
}

function matcher({ options = {} }: { options?: RequestOptions }): (object: KubeObject) => boolean {
  const selector = parseLabelSelector(options.labelSelector);
  const fields = (options.fieldSelector ?? '').split(',').filter(Boolean);
  return (object) =>
    selector.matches(object.metadata.labels) &&
    fields.every((field) => {
      const [path = '', value = ''] = field.split('=');
      const found = path
        .split('.')
        .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], object);
      return (found ?? '') === value;
    });
}

function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = { ...(target as Record<string, unknown>) };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, name);
    else result[name] = mergePatch(result[name], value);
  }
  return result;
}

function subject({ group, resource }: ApiRequest): Subject {
  return { group, plural: resource, kind: resource };
}
