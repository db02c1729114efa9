import type { ApiRequest, WatchEvent } from '@gantry/api';

/**
 * How a client reaches the apiserver: in the same process, over the agent's gRPC session, or over HTTPS.
 * A transport acts as one user. Failures are StatusErrors of `@gantry/api`, whatever the way.
 */
export interface Transport {
  /** Any verb but watch. Resolves to the object, list or Status. */
  request(request: ApiRequest): Promise<unknown>;

  /**
   * Events of a watch until the signal aborts, the server ends it (the iteration finishes), or it breaks
   * (the iteration throws). An expired resourceVersion throws a StatusError with reason Expired.
   * Objects are shared with other readers: never change them.
   */
  watch(request: ApiRequest, signal: AbortSignal): AsyncIterable<WatchEvent>;
}
