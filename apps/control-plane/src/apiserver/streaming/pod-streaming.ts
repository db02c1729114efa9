import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '@gantry/base';
import { badRequest, type Pod } from '@gantry/api';
import type { Transport } from '@gantry/client';
import { STDOUT, type FrameStream, type OpenStream } from '@gantry/rpc';
import type { NodeStreams } from '../../nodes/streams';
import { chooseContainer } from './choose-container';
import { checkLogSource } from './log-source';
import { forwardPorts, PORT_FORWARD_PROTOCOL, PORT_FORWARD_TUNNEL } from './port-forward';
import { commandOptions, logOptions } from './query';
import { acceptSpdy, chooseStreamProtocol, isSpdy } from './spdy/handshake';
import { SPDY_COMMAND_PROTOCOLS, SpdyCommand } from './spdy-command';
import type { StreamingEndpoint, StreamRequest } from './streaming';
import { relayCommand, type UserCommand } from './user-command';
import { acceptWebSocket, chooseProtocol, isWebSocket } from './websocket';
import { COMMAND_PROTOCOLS, WebSocketCommand } from './websocket-command';
import { webSocketDuplex } from './websocket-duplex';
import { forwardPortChannels, PORT_FORWARD_CHANNELS, requestedPorts } from './websocket-port-forward';

/** Connects users with containers: exec, attach, port-forward and logs, over the streams agents open. */
export class PodStreaming implements StreamingEndpoint {
  constructor(
    /** Reads pods. */
    private readonly transport: Transport,
    private readonly nodes: Pick<NodeStreams, 'open'>,
    private readonly clock: Clock,
  ) {}

  async respond(request: StreamRequest, _raw: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.subresource !== 'log') throw badRequest('Upgrade request required');
    const pod = await this.pod(request);
    const container = chooseContainer(pod, request.query.get('container'));
    const options = logOptions(request.query, request.name);
    checkLogSource(pod, container, options.previous);
    const stream = await this.open(pod, container, { $case: 'logs', value: options });
    response.once('close', () => {
      stream.close(new Error('the user left'));
    });
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.flushHeaders();
    // A log that breaks off ends the connection, which the client sees as an unexpected end.
    await pipeline(stream.input(STDOUT), response).catch(() => undefined);
  }

  async upgrade(request: StreamRequest, raw: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (!isWebSocket(raw) && !isSpdy(raw))
      throw badRequest('unable to upgrade: only WebSocket and SPDY/3.1 are supported');
    switch (request.subresource) {
      case 'exec':
      case 'attach':
        await this.command(request, raw, socket, head);
        return;
      case 'portforward':
        await this.portForward(request, raw, socket, head);
        return;
      case 'log':
        throw badRequest('logs are read with a plain GET');
    }
  }

  private async command(request: StreamRequest, raw: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const pod = await this.pod(request);
    const container = chooseContainer(pod, request.query.get('container'));
    const wanted = commandOptions(request.query);
    const accept = this.commandHandshake(raw, socket, head, wanted);
    const stream = await this.open(
      pod,
      container,
      request.subresource === 'exec'
        ? { $case: 'exec', value: { command: request.query.getAll('command'), ...wanted } }
        : { $case: 'attach', value: wanted },
    );
    try {
      await relayCommand(stream, await accept());
    } catch (error) {
      // The handshake failed: the connection is gone or was answered.
      stream.close(error as Error);
      socket.destroy();
    }
  }

  /** Chooses the protocol at once, so that a refusal comes before anything is begun on the node. */
  private commandHandshake(
    raw: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    wanted: ReturnType<typeof commandOptions>,
  ): () => Promise<UserCommand> {
    if (isWebSocket(raw)) {
      const protocol = chooseProtocol(raw, COMMAND_PROTOCOLS);
      return async () => new WebSocketCommand(await acceptWebSocket(raw, socket, head, protocol), wanted);
    }
    const protocol = chooseStreamProtocol(raw, SPDY_COMMAND_PROTOCOLS);
    return () => SpdyCommand.accept(acceptSpdy(socket, head, protocol), wanted, this.clock);
  }

  private async portForward(request: StreamRequest, raw: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const pod = await this.pod(request);
    nodeOf(pod);
    const open = (port: number): Promise<FrameStream> => this.open(pod, '', { $case: 'portForward', value: { port } });
    if (isSpdy(raw)) {
      const protocol = chooseStreamProtocol(raw, [PORT_FORWARD_PROTOCOL]);
      await forwardPorts(acceptSpdy(socket, head, protocol), request.name, open);
      return;
    }
    const protocol = chooseProtocol(raw, [PORT_FORWARD_TUNNEL, PORT_FORWARD_CHANNELS]);
    const ports = protocol === PORT_FORWARD_CHANNELS ? requestedPorts(request.query) : [];
    const webSocket = await acceptWebSocket(raw, socket, head, protocol);
    if (protocol === PORT_FORWARD_TUNNEL) await forwardPorts(webSocketDuplex(webSocket), request.name, open);
    else await forwardPortChannels(webSocket, request.name, ports, open);
  }

  private async pod({ namespace, name }: StreamRequest): Promise<Pod> {
    return (await this.transport.request({
      group: '',
      version: 'v1',
      resource: 'pods',
      verb: 'get',
      namespace,
      name,
    })) as Pod;
  }

  private open(pod: Pod, container: string, action: OpenStream['action']): Promise<FrameStream> {
    const { namespace, name, uid } = pod.metadata;
    return this.nodes.open(nodeOf(pod), { namespace, pod: name, podUid: uid, container, action });
  }
}

function nodeOf(pod: Pod): string {
  if (pod.spec.nodeName) return pod.spec.nodeName;
  throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
}
