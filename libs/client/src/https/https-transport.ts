import { request as httpRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as HttpsAgent } from 'node:https';
import { createInterface } from 'node:readline';
import { serviceUnavailable, StatusError, timeout, type ApiRequest, type Status, type WatchEvent } from '@gantry/api';
import { errorCode, errorMessage, type Closeable } from '@gantry/base';
import type { Transport } from '../transport';
import type { Cluster } from './kubeconfig';
import { PATCH_TYPES, requestMethod, requestUrl } from './request-url';

/** Errors of a connection that was never made: the request surely was not carried out. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);

/** How long a request other than a watch may take, in milliseconds. */
const REQUEST_TIMEOUT = 60_000;

/** The API over HTTPS, connections kept for the next request. */
export class HttpsTransport implements Transport, Closeable {
  private readonly agent: HttpAgent;

  constructor(private readonly cluster: Cluster) {
    const { ca, cert, key, skipTlsVerify } = cluster;
    this.agent = this.secure
      ? new HttpsAgent({ keepAlive: true, ca, cert, key, rejectUnauthorized: !skipTlsVerify })
      : new HttpAgent({ keepAlive: true });
  }

  async request(request: ApiRequest): Promise<unknown> {
    const response = await this.send(request, AbortSignal.timeout(REQUEST_TIMEOUT));
    const text = await bodyOf(response);
    if (response.statusCode! >= 400) throw statusError(response, text);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }

  async *watch(request: ApiRequest, signal: AbortSignal): AsyncIterable<WatchEvent> {
    if (signal.aborted) return;
    try {
      const response = await this.send(request, signal);
      if (response.statusCode! >= 400) throw statusError(response, await bodyOf(response));
      try {
        // One event a line.
        for await (const line of createInterface({ input: response, crlfDelay: Infinity })) {
          if (line === '') continue;
          const event = JSON.parse(line) as WatchEvent;
          if (event.type === 'ERROR') throw StatusError.fromStatus(event.object as Status);
          yield event;
        }
        if (!response.complete && !signal.aborted) throw serviceUnavailable('the connection of the watch was lost');
      } finally {
        response.destroy();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private get secure(): boolean {
    return this.cluster.server.startsWith('https:');
  }

  private send(request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const start = this.secure ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const outgoing = start(new URL(requestUrl(request), this.cluster.server), {
        method: requestMethod(request.verb),
        agent: this.agent,
        signal,
        headers: this.headers(request, body),
      });
      outgoing.on('response', resolve);
      outgoing.on('error', (error) => {
        // The server closed a kept connection just as it was used again: a read may simply be asked once more.
        const stale = outgoing.reusedSocket && errorCode(error) === 'ECONNRESET' && !signal.aborted;
        if (stale && requestMethod(request.verb) === 'GET') resolve(this.send(request, signal));
        else reject(connectionError(error));
      });
      outgoing.end(body);
    });
  }

  private headers(request: ApiRequest, body?: Buffer): Record<string, string | number> {
    const { token } = this.cluster;
    return {
      accept: 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body && {
        'content-type': request.patchType ? PATCH_TYPES[request.patchType] : 'application/json',
        'content-length': body.length,
      }),
    };
  }
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    throw connectionError(error);
  }
  return Buffer.concat(chunks).toString();
}

/** The Status in the body, or one made of what a proxy in between answered. */
function statusError(response: IncomingMessage, text: string): StatusError {
  const code = response.statusCode!;
  try {
    const body = JSON.parse(text) as Partial<Status>;
    if (body.kind === 'Status') return StatusError.fromStatus({ code, ...body });
  } catch {
    // Not JSON: told below as it came.
  }
  return StatusError.fromStatus({ code, message: text.slice(0, 1000) || response.statusMessage });
}

function connectionError(error: unknown): StatusError {
  const message = `the API server cannot be reached: ${errorMessage(error)}`;
  if (NOT_CONNECTED.has(errorCode(error) ?? '')) return serviceUnavailable(message, undefined, error);
  return timeout(`the request may or may not have been carried out: ${errorMessage(error)}`);
}
