import { Duplex, Writable } from 'node:stream';
import { badRequest } from '@gantry/api';
import type { WebSocket } from 'ws';
import { forwardConnection, type OpenPort } from './port-forward';
import { socketClosed } from './websocket';

/** Port-forward without SPDY, as browsers and the JavaScript client speak it. */
export const PORT_FORWARD_CHANNELS = 'v4.channel.k8s.io';

/** The ports in the query: repeated or separated by commas. Throws BadRequest for what is no port. */
export function requestedPorts(query: URLSearchParams): number[] {
  const ports = query.getAll('ports').flatMap((text) => text.split(','));
  if (ports.length === 0) throw badRequest('query parameter "ports" is required');
  return ports.map((text) => {
    const port = Number(text);
    if (!/^\d+$/.test(text) || port < 1 || port > 65535) throw badRequest(`port "${text}" must be > 0 and <= 65535`);
    return port;
  });
}

/** One connection for each port: channel 2i carries the data of port i, channel 2i + 1 its error text. */
export async function forwardPortChannels(
  socket: WebSocket,
  pod: string,
  ports: number[],
  open: OpenPort,
): Promise<void> {
  const connections = ports.map((port, i) => new DataChannel(socket, 2 * i, port));
  socket.on('message', (message: Buffer) => {
    const channel = message[0]!;
    if (channel % 2 === 0) connections[channel / 2]?.receive(message.subarray(1));
  });
  const closed = socketClosed(socket);
  await Promise.all(
    connections.map((data, i) =>
      forwardConnection(ports[i]!, pod, data, channelWriter(socket, 2 * i + 1, ports[i]!), open),
    ),
  );
  socket.close(1000);
  await closed;
}

/** A channel's writing half. Its first message holds the port, so that clients know the two belong together. */
function channelWriter(socket: WebSocket, channel: number, port: number): Writable {
  const prefix = Buffer.from([channel]);
  socket.send(Buffer.from([channel, port & 0xff, port >> 8]));
  const writer = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      socket.send(Buffer.concat([prefix, chunk]), done);
    },
  });
  return writer.on('error', () => undefined);
}

class DataChannel extends Duplex {
  private readonly writer: Writable;

  constructor(
    private readonly socket: WebSocket,
    channel: number,
    port: number,
  ) {
    super();
    this.writer = channelWriter(socket, channel, port);
    this.on('error', () => undefined);
    socket.once('close', () => this.destroy());
  }

  receive(bytes: Buffer): void {
    if (!this.destroyed && !this.push(bytes)) this.socket.pause();
  }

  override _read(): void {
    this.socket.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // The other channels go on.
    this.socket.resume();
    done(error);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.writer.write(chunk, done);
  }
}
