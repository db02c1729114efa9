import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { internalError, noSuchResource, StatusError, type User } from '@gantry/api';
import { uuid, type Clock } from '@gantry/base';
import type { Health, HealthEndpoint, Logger, Metrics } from '@gantry/observability';
import type { RequestAuthenticator } from '../../auth/authentication';
import { pathRefused, type Authorizer } from '../../auth/authorization';
import { answer, answerError, answerText } from './answer';
import type { ApiDocuments } from './documents';
import type { InFlight } from './in-flight';
import { readRequestInfo } from './request-info';
import type { RequestMetrics } from './request-metrics';
import type { ResourceEndpoint } from './resource-endpoint';

export interface HttpApiParts {
  authenticator: RequestAuthenticator;
  authorizer: Authorizer;
  resources: ResourceEndpoint;
  documents: ApiDocuments;
  health: Health;
  metrics: Metrics;
  requests: RequestMetrics;
  inFlight: InFlight;
  version: object;
  clock: Clock;
  log: Logger;
}

/** The API as HTTP: who asks, what for, and every failure as a Status. */
export class HttpApi {
  constructor(private readonly parts: HttpApiParts) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const observed = this.parts.requests.begin(request, response);
    response.setHeader('Audit-Id', uuid());
    try {
      const user = await this.parts.authenticator.authenticate(request);
      const info = readRequestInfo(request.method!, request.url!);
      observed.is(info);
      this.parts.inFlight.admit(info, request, response);
      if (info.type === 'resource') await this.parts.resources.serve(info, user, request, response);
      else await this.servePath(info.path, info.query, user, request, response);
    } catch (error) {
      await this.fail(error, request, response);
    }
  }

  /** A request that wants to go on in another protocol, with its raw socket. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    try {
      const user = await this.parts.authenticator.authenticate(request);
      const info = readRequestInfo(request.method!, request.url!);
      const stream = info.type === 'resource' ? await this.parts.resources.streamRequest(info, user) : undefined;
      if (!stream) throw noSuchResource();
      await this.parts.resources.endpoint().upgrade(stream, request, socket, head);
    } catch (error) {
      const status = this.statusOf(error, request);
      const body = JSON.stringify(status.toStatus());
      const headers = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close`;
      socket.end(`HTTP/1.1 ${status.code} ${status.reason}\r\n${headers}\r\n\r\n${body}`);
    }
  }

  private async servePath(
    path: string,
    query: URLSearchParams,
    user: User,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { authorizer, documents, metrics, version } = this.parts;
    if (!(await authorizer.allowsPath({ user, path }))) throw pathRefused({ user, path });
    const health = /^\/(healthz|livez|readyz)\/?$/.exec(path)?.[1] as HealthEndpoint | undefined;
    if (health) return this.serveHealth(health, query, response);
    if (path === '/version') return answer(request, response, 200, version);
    if (path === '/metrics') {
      answerText(response, 200, await metrics.text(), metrics.contentType);
      return;
    }
    if (!(await documents.serve(path, request, response))) throw noSuchResource();
  }

  private async serveHealth(endpoint: HealthEndpoint, query: URLSearchParams, response: ServerResponse): Promise<void> {
    const options = { verbose: query.has('verbose'), exclude: query.getAll('exclude') };
    const { healthy, text } = await this.parts.health.report(endpoint, options);
    answerText(response, healthy ? 200 : 500, text);
  }

  private async fail(error: unknown, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (response.headersSent || response.destroyed) {
      // The client sees a broken answer; what it was is for us to know.
      if (!response.destroyed) this.parts.log.error({ err: error, url: request.url }, 'an answer broke off');
      response.destroy();
      return;
    }
    await answerError(request, response, this.statusOf(error, request));
  }

  private statusOf(error: unknown, request: IncomingMessage): StatusError {
    if (error instanceof StatusError) return error;
    this.parts.log.error({ err: error, method: request.method, url: request.url }, 'request failed');
    return internalError(error);
  }
}
