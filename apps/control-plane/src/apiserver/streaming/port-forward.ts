import type { Duplex, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorMessage } from '@gantry/base';
import { StatusError, type Status } from '@gantry/api';
import { STDIN, STDOUT, type FrameStream } from '@gantry/rpc';
import { SpdyConnection, type SpdyStream } from './spdy/connection';

/** The stream protocol of `kubectl port-forward` over SPDY. */
export const PORT_FORWARD_PROTOCOL = 'portforward.k8s.io';
/** The WebSocket subprotocol whose messages carry that SPDY connection (KEP-4006). */
export const PORT_FORWARD_TUNNEL = `SPDY/3.1+${PORT_FORWARD_PROTOCOL}`;

/** Opens a connection to a port of the pod. */
export type OpenPort = (port: number) => Promise<FrameStream>;

/**
 * Forwards connections to ports of a pod: for each the client opens a data and an error stream with the same
 * request id. Resolves when the client's connection is over.
 */
export async function forwardPorts(socket: Duplex, pod: string, open: OpenPort): Promise<void> {
  const halves = new Map<string, SpdyStream>();
  const connection = new SpdyConnection(socket, (stream) => {
    const { requestId, port, isData } = describe(stream);
    const other = halves.get(requestId);
    if (!other) {
      halves.set(requestId, stream);
      stream.once('close', () => halves.get(requestId) === stream && halves.delete(requestId));
      return;
    }
    halves.delete(requestId);
    const [data, error] = isData ? [stream, other] : [other, stream];
    void forwardConnection(port, pod, data, error, open);
  });
  await connection.closed;
}

/** Carries one connection; what goes wrong is told on the error stream, in words. */
export async function forwardConnection(
  port: number,
  pod: string,
  data: Duplex,
  error: Writable,
  open: OpenPort,
): Promise<void> {
  try {
    const remote = await open(port);
    if (data.destroyed) {
      remote.close();
      return;
    }
    data.once('close', () => {
      remote.close();
    });
    // Not a pipeline: when the pod closes first, that would destroy `data` with the pod's last bytes still in it.
    data.on('error', () => undefined).pipe(remote.output(STDIN));
    const [ended] = await Promise.all([remote.status, pipeline(remote.input(STDOUT), data)]);
    const status = JSON.parse(ended.toString()) as Status;
    if (status.status !== 'Success') throw StatusError.fromStatus(status);
  } catch (cause) {
    if (!data.destroyed) error.write(`error forwarding port ${port} to pod ${pod}: ${errorMessage(cause)}`);
  } finally {
    error.end();
    data.end();
  }
}

function describe({ headers, id }: SpdyStream): { requestId: string; port: number; isData: boolean } {
  const isData = headers.get('streamtype') === 'data';
  // Clients before Kubernetes 1.3 send no request id: their data stream follows its error stream.
  const requestId = headers.get('requestid') ?? `stream ${isData ? id - 2 : id}`;
  return { requestId, port: Number(headers.get('port')), isData };
}
