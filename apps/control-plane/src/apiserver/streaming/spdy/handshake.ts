import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { badRequest } from '@gantry/api';

const PROTOCOL_HEADER = 'X-Stream-Protocol-Version';

export function isSpdy(raw: IncomingMessage): boolean {
  return raw.headers.upgrade?.toLowerCase() === 'spdy/3.1';
}

/** The first of our stream protocols that the client offers. Throws BadRequest when there is none. */
export function chooseStreamProtocol(raw: IncomingMessage, ours: readonly string[]): string {
  const offered = [raw.headers[PROTOCOL_HEADER.toLowerCase()] ?? []]
    .flat()
    .flatMap((line) => line.split(',').map((name) => name.trim()));
  const chosen = ours.find((protocol) => offered.includes(protocol));
  if (chosen) return chosen;
  throw badRequest(
    `unable to upgrade: none of the stream protocols [${offered.join(' ')}] is supported, use one of [${ours.join(' ')}]`,
  );
}

/** Switches the connection to SPDY/3.1; from here on the socket speaks frames. */
export function acceptSpdy(socket: Duplex, head: Buffer, protocol: string): Duplex {
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Connection: Upgrade',
    'Upgrade: SPDY/3.1',
    `${PROTOCOL_HEADER}: ${protocol}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  if (head.length > 0) socket.unshift(head);
  return socket;
}
