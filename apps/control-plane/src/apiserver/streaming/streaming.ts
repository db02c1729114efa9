import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { User } from '@gantry/api';

export const STREAMING_SUBRESOURCES = ['exec', 'attach', 'portforward', 'log'] as const;
export type StreamingSubresource = (typeof STREAMING_SUBRESOURCES)[number];

/** What a user wants to stream. The apiserver has authenticated and authorized it; whether the pod exists is not yet known. */
export interface StreamRequest {
  subresource: StreamingSubresource;
  namespace: string;
  /** The pod's name. */
  name: string;
  /** As on the wire: `command`, `container`, `stdin`, `tty`, `ports`, `follow`, `tailLines` … */
  query: URLSearchParams;
  user: User;
}

/**
 * Where the apiserver hands streaming requests over with their raw sockets.
 *
 * Both methods may reject (best with a StatusError) as long as nothing was written: the apiserver then answers
 * with that Status. After the first byte the endpoint owns the connection and reports in the stream's own way.
 */
export interface StreamingEndpoint {
  /** A plain GET or POST (logs; exec without an upgrade is a bad request). */
  respond(request: StreamRequest, raw: IncomingMessage, response: ServerResponse): Promise<void>;

  /** A request with `Connection: Upgrade` (WebSocket or SPDY/3.1), from the `upgrade` event of the TLS server. */
  upgrade(request: StreamRequest, raw: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
}
