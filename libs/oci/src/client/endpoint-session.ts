import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { backoffDelay, sleep, type BackoffPolicy, type Clock } from '@gantry/base';
import { parseChallenge, type Authorizer } from './authorizer';
import type { HttpRequest, HttpTransport } from './http-transport';
import { errorOf, RegistryError } from './registry-error';

export interface RetryPolicy extends BackoffPolicy {
  /** Tries in all, before the failure is reported. */
  attempts: number;
}

/** A request to one repository. */
export interface RepositoryRequest {
  method: HttpRequest['method'];
  /** Below `/v2/<repository>/`, or an absolute URL (an upload's location). */
  target: string | URL;
  headers?: Record<string, string>;
  /** Called anew for each try. */
  body?: () => Buffer | Readable;
  /** Must not be repeated after a failure: the registry may have taken a part of it. */
  once?: boolean;
  signal?: AbortSignal;
}

/** One repository at one endpoint: adds authorization and retries to the plain HTTP. */
export class EndpointSession {
  constructor(
    private readonly http: HttpTransport,
    private readonly authorizer: Authorizer,
    private readonly clock: Clock,
    private readonly retry: RetryPolicy,
    readonly base: URL,
    private readonly scope: string,
  ) {}

  get host(): string {
    return this.base.host;
  }

  /** Resolves to an answer with a 2xx status; the caller uses its body up. Throws a {@link RegistryError}. */
  async request(request: RepositoryRequest): Promise<IncomingMessage> {
    for (let failures = 1; ; failures++) {
      try {
        return await this.authorized(request);
      } catch (error) {
        const again = error instanceof RegistryError && error.transient && !request.once;
        if (!again || failures >= this.retry.attempts) throw error;
        const wait = error.retryAfter === undefined ? undefined : Math.min(error.retryAfter, this.retry.max);
        await sleep(this.clock, wait ?? backoffDelay(this.retry, failures), request.signal);
      }
    }
  }

  private async authorized(request: RepositoryRequest): Promise<IncomingMessage> {
    const first = await this.send(request);
    if (isSuccess(first)) return first;
    const challenge = first.statusCode === 401 && first.headers['www-authenticate'];
    const refusal = await errorOf(first);
    if (!challenge) throw refusal;
    if (!(await this.authorizer.answer(parseChallenge(challenge), this.scope, request.signal))) throw refusal;
    const second = await this.send(request);
    if (isSuccess(second)) return second;
    throw await errorOf(second);
  }

  private send({ method, target, headers, body, signal }: RepositoryRequest): Promise<IncomingMessage> {
    const url = new URL(target, this.base);
    // An upload may live on another host; what authorizes us here is none of its business.
    const authorization = url.origin === this.base.origin ? this.authorizer.header(this.scope) : undefined;
    return this.http.send({
      method,
      url,
      headers: { 'user-agent': 'gantry', ...headers, ...(authorization ? { authorization } : {}) },
      body: body?.(),
      signal,
    });
  }
}

const isSuccess = (response: IncomingMessage): boolean =>
  response.statusCode !== undefined && response.statusCode >= 200 && response.statusCode < 300;
