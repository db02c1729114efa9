import type { ApiRequest, WatchEvent } from '@gantry/api';
import type { Transport } from '@gantry/client';
import type { ApiCalls } from './api-calls';

/**
 * The apiserver as this node's agent reaches it: through whatever session is there. While there is none a call waits a
 * little for the next one. Nothing is repeated: a request cut off fails, and a watch cut off throws, for its reader to list again.
 */
export class GrpcTransport implements Transport {
  /** `session` resolves to the calls of the current session, or rejects with a StatusError. */
  constructor(private readonly session: () => Promise<ApiCalls>) {}

  async request(request: ApiRequest): Promise<unknown> {
    return (await this.session()).request(request);
  }

  async *watch(request: ApiRequest, signal: AbortSignal): AsyncIterable<WatchEvent> {
    yield* (await this.session()).watch(request, signal);
  }
}
