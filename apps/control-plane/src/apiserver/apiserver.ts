import type { Clock } from '@gantry/base';
import {
  type ApiRequest,
  type KindInfo,
  type KindRegistry,
  StatusError,
  type User,
  conflict,
  forbidden,
  internalError,
  methodNotAllowed,
  noSuchResource,
  serviceUnavailable,
} from '@gantry/api';
import type { Logger } from '@gantry/observability';
import { PreconditionFailed, StoreUnavailable } from '@gantry/store';
import { type Authorizer, refusal } from '../auth/authorization';
import { bind } from './actions/binding';
import { evict } from './actions/eviction';
import { type Answer, type Call, type Services } from './call';
import { create } from './verbs/create';
import { remove } from './verbs/delete';
import { deleteCollection } from './verbs/delete-collection';
import { get } from './verbs/get';
import { list } from './verbs/list';
import { patch } from './verbs/patch';
import { update } from './verbs/update';
import { type ApiWatch, watch } from './verbs/watch';
import { viewOf } from './views/views';

export interface Handled extends Answer {
  /** For the client's eyes: unknown fields, deprecated uses. */
  warnings: string[];
}

export interface ApiserverOptions {
  services: Services;
  authorizer: Authorizer;
  clock: Clock;
  log: Logger;
}

/**
 * The one way to state: every request of every client, whatever brought it here, is authorized, decoded, defaulted,
 * admitted, validated, stored and told to watchers by this class. It knows no transport; the caller says who asks.
 */
export class Apiserver {
  constructor(private readonly options: ApiserverOptions) {}

  get kinds(): KindRegistry {
    return this.options.services.kinds;
  }

  /** Any verb but watch. Rejects with a StatusError and nothing else. */
  async handle(request: ApiRequest, user: User): Promise<Handled> {
    try {
      const call = await this.begin(request, user);
      const answer = await this.route(call);
      return { ...answer, warnings: [...call.warnings] };
    } catch (error) {
      throw this.statusOf(error, request);
    }
  }

  /** Begins a watch. Rejects with a StatusError; the watch itself may later throw one too. */
  async watch(request: ApiRequest, user: User): Promise<ApiWatch> {
    try {
      const call = await this.begin(request, user);
      if (request.subresource) throw methodNotAllowed(call.kind, 'watch');
      return await watch(this.options.services, call);
    } catch (error) {
      throw this.statusOf(error, request);
    }
  }

  /** Throws Forbidden unless the user may do what the request asks. */
  async authorize(request: ApiRequest, user: User, kind: KindInfo): Promise<void> {
    const { verb, group, resource, subresource, name, options } = request;
    // Rights on a namespace itself count as rights inside it.
    const namespace = resource === 'namespaces' && group === '' ? name : request.namespace;
    const access = { user, verb, group, resource, subresource, namespace, name, fieldSelector: options?.fieldSelector };
    if (await this.options.authorizer.allowsResource(access)) return;
    throw forbidden(kind, name ?? '', refusal(access));
  }

  private async begin(request: ApiRequest, user: User): Promise<Call> {
    const { services, clock } = this.options;
    const kind = services.kinds.byResource(request);
    if (!kind || (!kind.namespaced && request.namespace !== undefined)) throw noSuchResource();
    await this.authorize(request, user, kind);
    const known = request.subresource !== undefined || kind.verbs.includes(request.verb);
    if (!known || !reaches(kind, request)) throw methodNotAllowed(kind, request.verb);
    return { request, user, kind, options: { ...request.options }, now: clock.now(), warnings: new Set() };
  }

  private route(call: Call): Promise<Answer> {
    const { services } = this.options;
    const { request, kind } = call;
    if (request.verb === 'create') return this.routeCreate(call);
    const view = viewOf(kind, request.subresource);
    if (!view) throw noSuchResource();
    switch (request.verb) {
      case 'get':
        return get(services, call, view);
      case 'update':
        return update(services, call, view);
      case 'patch':
        return patch(services, call, view);
      case 'list':
      case 'delete':
      case 'deletecollection':
        if (request.subresource) throw methodNotAllowed(kind, request.verb);
        if (request.verb === 'list') return list(services, call);
        return request.verb === 'delete' ? remove(services, call) : deleteCollection(services, call);
      case 'watch':
        throw methodNotAllowed(kind, request.verb);
    }
  }

  private routeCreate(call: Call): Promise<Answer> {
    const { services } = this.options;
    const { kind, request } = call;
    const isPod = kind.qualifiedResource === 'pods';
    switch (request.subresource) {
      case undefined:
        return kind.qualifiedResource === 'bindings' ? this.createBinding(call) : create(services, call);
      case 'binding':
        if (isPod) return bind(services, call);
        break;
      case 'eviction':
        if (isPod) return evict(services, call);
        break;
    }
    throw viewOf(kind, request.subresource) ? methodNotAllowed(kind, 'create') : noSuchResource();
  }

  /** A Binding that is created as an object of its own is the same as one sent to its pod. */
  private createBinding(call: Call): Promise<Answer> {
    const pods = this.kinds.byResource({ group: '', version: 'v1', resource: 'pods' })!;
    return bind(this.options.services, { ...call, kind: pods });
  }

  /** What the client is told about anything that went wrong. */
  private statusOf(error: unknown, request: ApiRequest): StatusError {
    if (error instanceof StatusError) return error;
    if (error instanceof StoreUnavailable) return serviceUnavailable('the store is not available', 1, error);
    if (error instanceof PreconditionFailed) {
      const { group, resource, name = '' } = request;
      return conflict({ group, plural: resource, kind: resource }, name);
    }
    this.options.log.error({ err: error, verb: request.verb, resource: request.resource }, 'request failed');
    return internalError(error);
  }
}

/** Only reading is possible over all namespaces at once. */
function reaches(kind: KindInfo, { verb, namespace }: ApiRequest): boolean {
  return !kind.namespaced || Boolean(namespace) || verb === 'list' || verb === 'watch';
}
