import {
  kindOf,
  isStatus,
  type ApiRequest,
  type DeleteOptions,
  type Draft,
  type KindInfo,
  type KubeList,
  type KubeObject,
  type PatchType,
  type RequestOptions,
  type SchemaClass,
  type WatchEvent,
} from '@gantry/api';
import type { ObjectKey } from './object-key';
import type { Transport } from './transport';

export type ListRequest = Pick<
  RequestOptions,
  'labelSelector' | 'fieldSelector' | 'resourceVersion' | 'resourceVersionMatch' | 'limit' | 'continue'
> & {
  /** All namespaces unless given. */
  namespace?: string;
};

export type WatchRequest = Omit<ListRequest, 'limit' | 'continue'> &
  Pick<RequestOptions, 'timeoutSeconds' | 'allowWatchBookmarks' | 'sendInitialEvents'>;

export type WriteOptions = Pick<RequestOptions, 'dryRun' | 'fieldManager' | 'fieldValidation' | 'force'>;

export type DeleteRequest = Pick<DeleteOptions, 'preconditions' | 'propagationPolicy' | 'gracePeriodSeconds'>;

/** The API with types, over any transport: `client.resource(Pod).get({ namespace, name })`. */
export class TypedClient {
  private readonly resources = new Map<SchemaClass, unknown>();

  constructor(readonly transport: Transport) {}

  resource<T extends KubeObject>(schema: SchemaClass<T>): ResourceClient<T> {
    let resource = this.resources.get(schema) as ResourceClient<T> | undefined;
    if (!resource) this.resources.set(schema, (resource = new ResourceClient(this.transport, kindOf(schema))));
    return resource;
  }
}

/**
 * The verbs on one kind. Failures are StatusErrors. What comes back may be shared with other readers: never change it,
 * send a changed copy.
 */
export class ResourceClient<T extends KubeObject> {
  constructor(
    private readonly transport: Transport,
    readonly kind: KindInfo<T>,
  ) {}

  get(key: ObjectKey, options?: Pick<RequestOptions, 'resourceVersion'>): Promise<T> {
    return this.request<T>({ verb: 'get', ...at(key), options });
  }

  /** As `get`, with undefined for an object that does not exist. */
  async find(key: ObjectKey): Promise<T | undefined> {
    try {
      return await this.get(key);
    } catch (error) {
      if (isStatus(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  list({ namespace, ...options }: ListRequest = {}): Promise<KubeList<T>> {
    return this.request<KubeList<T>>({ verb: 'list', namespace, options });
  }

  watch({ namespace, ...options }: WatchRequest, signal: AbortSignal): AsyncIterable<WatchEvent<T>> {
    const request = this.complete({ verb: 'watch', namespace, options });
    return this.transport.watch(request, signal) as AsyncIterable<WatchEvent<T>>;
  }

  /** Creates in `object.metadata.namespace`; kind and apiVersion are filled in. */
  create(object: Draft<T>, options?: WriteOptions): Promise<T> {
    const { metadata } = object as { metadata?: { namespace?: string } };
    return this.request<T>({ verb: 'create', namespace: metadata?.namespace, body: this.typed(object), options });
  }

  /** Replaces the object; refused with Conflict unless its resourceVersion is the current one. */
  update(object: T, options?: WriteOptions): Promise<T> {
    return this.request<T>({ verb: 'update', ...at(object.metadata), body: this.typed(object), options });
  }

  /** Replaces the status and nothing else. */
  updateStatus(object: T, options?: WriteOptions): Promise<T> {
    const request = { ...at(object.metadata), subresource: 'status', body: this.typed(object), options };
    return this.request<T>({ verb: 'update', ...request });
  }

  patch(
    key: ObjectKey,
    patchType: PatchType,
    body: unknown,
    options?: WriteOptions & { subresource?: string },
  ): Promise<T> {
    const { subresource, ...rest } = options ?? {};
    return this.request<T>({ verb: 'patch', ...at(key), subresource, patchType, body, options: rest });
  }

  /** Merges into the status: for a writer that owns some of its fields. */
  patchStatus(key: ObjectKey, status: Draft<T>, options?: WriteOptions): Promise<T> {
    return this.patch(key, 'merge', status, { ...options, subresource: 'status' });
  }

  /** Resolves to the object (now being deleted) or a Status (gone already). */
  delete(key: ObjectKey, options: DeleteRequest = {}): Promise<unknown> {
    return this.request({ verb: 'delete', ...at(key), body: deleteOptions(options) });
  }

  deleteCollection({ namespace, ...options }: ListRequest, how: DeleteRequest = {}): Promise<unknown> {
    return this.request({ verb: 'deletecollection', namespace, body: deleteOptions(how), options });
  }

  /** Creates a subresource: a pod's `binding` or `eviction`. */
  createSubresource(key: ObjectKey, subresource: string, body: unknown, options?: WriteOptions): Promise<unknown> {
    return this.request({ verb: 'create', ...at(key), subresource, body, options });
  }

  private request<R = unknown>(request: Omit<ApiRequest, 'group' | 'version' | 'resource'>): Promise<R> {
    return this.transport.request(this.complete(request)) as Promise<R>;
  }

  private complete(request: Omit<ApiRequest, 'group' | 'version' | 'resource'>): ApiRequest {
    const { group, version, resource } = this.kind;
    return { group, version, resource, ...request };
  }

  private typed<O extends object>(object: O): O {
    return { apiVersion: this.kind.apiVersion, kind: this.kind.kind, ...object };
  }
}

/** Metadata has more fields than a request takes. */
function at({ namespace, name }: ObjectKey): ObjectKey {
  return { namespace, name };
}

function deleteOptions(options: DeleteRequest): DeleteOptions {
  return { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
}
