import * as http from 'node:http';
import * as https from 'node:https';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import type { Closeable } from '@gantry/base';
import { noAnswer } from './registry-error';

export interface HttpRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: URL;
  headers?: Record<string, string>;
  /** A stream is used up by the request, whether it succeeds or not. */
  body?: Buffer | Readable;
  signal?: AbortSignal;
}

export interface HttpSettings {
  /** Milliseconds a connection may stay silent, while it is made, before the answer, or within a body. */
  idleTimeout: number;
  /** Extra certificate authorities (PEM) for https registries. */
  ca?: string;
}

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** HTTP over kept-alive connections. Answers of any status are returned; only a missing answer is an error. */
export class HttpTransport implements Closeable {
  private readonly plain = new http.Agent({ keepAlive: true, maxFreeSockets: 16 });
  private readonly secure: https.Agent;

  constructor(private readonly settings: HttpSettings) {
    this.secure = new https.Agent({ keepAlive: true, maxFreeSockets: 16, ca: settings.ca });
  }

  /**
   * Sends a request, following redirects of GET and HEAD (blob stores elsewhere). Credentials stay with the host they
   * are for. The caller reads or destroys the response body. Throws a RegistryError with code UNREACHABLE.
   */
  async send(request: HttpRequest): Promise<http.IncomingMessage> {
    let current = request;
    for (let hops = 0; ; hops++) {
      const response = await this.exchange(current);
      const { location } = response.headers;
      const redirected = REDIRECTS.has(response.statusCode ?? 0) && location !== undefined;
      if (!redirected || hops >= MAX_REDIRECTS || (request.method !== 'GET' && request.method !== 'HEAD'))
        return response;
      response.resume();
      const url = new URL(location, current.url);
      current = {
        ...current,
        url,
        headers: url.origin === current.url.origin ? current.headers : withoutSecrets(current),
      };
    }
  }

  close(): void {
    this.plain.destroy();
    this.secure.destroy();
  }

  private exchange({ method, url, headers, body, signal }: HttpRequest): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      const secure = url.protocol === 'https:';
      const { idleTimeout: timeout } = this.settings;
      const options = { method, headers: headers ?? {}, signal, timeout, agent: secure ? this.secure : this.plain };
      const request = (secure ? https : http).request(url, options);
      const fail = (error: unknown) => {
        reject(signal?.aborted ? (signal.reason as Error) : noAnswer(error));
      };
      request.on('timeout', () => request.destroy(new Error(`no data for ${timeout / 1000} s`)));
      request.on('response', resolve).on('error', fail);
      if (body === undefined || Buffer.isBuffer(body)) request.end(body);
      else
        pipeline(body, request, (error) => {
          if (error) fail(error);
        });
    });
  }
}

function withoutSecrets({ headers }: HttpRequest): Record<string, string> {
  const { authorization: _, ...rest } = headers ?? {};
  return rest;
}
