import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { badRequest } from '@gantry/api';
import { WebSocketServer, type WebSocket } from 'ws';

/** client-go writes at most 32 KiB at a time. */
const MAX_MESSAGE_BYTES = 4 << 20;

export function isWebSocket(raw: IncomingMessage): boolean {
  return raw.headers.upgrade?.toLowerCase() === 'websocket';
}

/** The first of our subprotocols that the client offers. Throws BadRequest when there is none. */
export function chooseProtocol<P extends string>(raw: IncomingMessage, ours: readonly P[]): P {
  const offered = (raw.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const chosen = ours.find((protocol) => offered.includes(protocol));
  if (chosen) return chosen;
  throw badRequest(
    `unable to upgrade: none of the WebSocket subprotocols [${offered.join(' ')}] is supported, use one of [${ours.join(' ')}]`,
  );
}

/** Resolves when the connection is over, also when an error ended it. */
export function socketClosed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
}

/** Completes the handshake. Rejects when the request is no valid one (it is then answered) or the client has left. */
export async function acceptWebSocket(
  raw: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  protocol: string,
): Promise<WebSocket> {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: () => protocol,
  });
  const handshake = new EventEmitter();
  socket.once('close', () => handshake.emit('error', new Error('the client left during the handshake')));
  handshake.on('error', () => undefined);
  const accepted = once(handshake, 'accepted') as Promise<[WebSocket]>;
  server.handleUpgrade(raw, socket, head, (webSocket) => handshake.emit('accepted', webSocket));
  const [webSocket] = await accepted;
  // Errors of the connection end it; `close` tells those who use it.
  webSocket.on('error', () => undefined);
  return webSocket;
}
