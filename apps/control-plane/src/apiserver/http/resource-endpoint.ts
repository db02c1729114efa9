import type { IncomingMessage, ServerResponse } from 'node:http';
import { noSuchResource, type ApiRequest, type KindInfo, type KubeList, type User } from '@gantry/api';
import type { Clock } from '@gantry/base';
import type { Apiserver } from '../apiserver';
import { STREAMING_SUBRESOURCES, type StreamingEndpoint, type StreamRequest } from '../streaming/streaming';
import { answer } from './answer';
import { readBody, readPatchType } from './body';
import { negotiate } from './negotiation';
import { listText } from './object-text';
import { readRequestBody } from './read-request-body';
import type { RequestInfo } from './request-info';
import { READ_SHAPES, shaped } from './shapes';
import { answerWatch, WatchEncoder } from './watch-answer';

type ResourceInfo = Extract<RequestInfo, { type: 'resource' }>;

/** Serves requests for resources: HTTP on one side, the pipeline on the other. */
export class ResourceEndpoint {
  constructor(
    private readonly apiserver: Apiserver,
    private readonly streaming: () => StreamingEndpoint | undefined,
    private readonly clock: Clock,
  ) {}

  async serve(info: ResourceInfo, user: User, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const stream = await this.streamRequest(info, user);
    if (stream) return this.endpoint().respond(stream, request, response);
    const kind = this.apiserver.kinds.byResource(info.request);
    if (!kind) throw noSuchResource();
    if (info.request.verb === 'watch') return this.watch(info, kind, user, request, response);
    const choice = negotiate(request.headers.accept, READ_SHAPES);
    const apiRequest = await withBody(info.request, request);
    const { body, created, warnings } = await this.apiserver.handle(apiRequest, user);
    const plainList = 'items' in body && !choice.shape && choice.format === 'json';
    const content = plainList ? listText(body as KubeList) : shaped(kind, body, choice, info.query, this.clock.now());
    await answer(request, response, created ? 201 : 200, content, { format: choice.format, warnings });
  }

  /** An exec, attach, port-forward or log request, authorized; undefined for all others. */
  async streamRequest({ request, query }: ResourceInfo, user: User): Promise<StreamRequest | undefined> {
    const subresource = STREAMING_SUBRESOURCES.find((name) => name === request.subresource);
    const { group, resource, namespace, name } = request;
    if (!subresource || group !== '' || resource !== 'pods' || !namespace || !name) return undefined;
    const kind = this.apiserver.kinds.byResource(request);
    if (!kind) return undefined;
    // Whatever the HTTP method, running something in a pod is a creation; reading its log is not.
    const verb = subresource === 'log' ? 'get' : 'create';
    await this.apiserver.authorize({ ...request, verb }, user, kind);
    return { subresource, namespace, name, query, user };
  }

  endpoint(): StreamingEndpoint {
    const streaming = this.streaming();
    if (!streaming) throw noSuchResource();
    return streaming;
  }

  private async watch(
    { request: apiRequest, query }: ResourceInfo,
    kind: KindInfo,
    user: User,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const choice = negotiate(request.headers.accept?.replaceAll(';stream=watch', ''), READ_SHAPES);
    const encoder = new WatchEncoder(kind, choice, query, () => this.clock.now());
    const watch = await this.apiserver.watch(apiRequest, user);
    await answerWatch(response, watch, encoder, this.clock);
  }
}

async function withBody(info: ResourceInfo['request'], request: IncomingMessage): Promise<ApiRequest> {
  const { verb } = info;
  if (verb === 'get' || verb === 'list') return info;
  const type = request.headers['content-type'];
  const patchType = verb === 'patch' ? readPatchType(type) : undefined;
  const body = readBody(await readRequestBody(request), type);
  return { ...info, body: body?.value, duplicates: body?.duplicates, patchType };
}
