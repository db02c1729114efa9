import { Server, status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { errorMessage, type Clock, type Closeable } from '@gantry/base';
import type { User } from '@gantry/api';
import type { Transport } from '@gantry/client';
import type { Logger, Metrics } from '@gantry/observability';
import {
  NodeGatewayService,
  type AgentMessage,
  type ClusterSettings,
  type JoinRequest,
  type JoinResponse,
  type NodeGatewayServer,
} from '@gantry/rpc';
import { nodeUser } from '../auth/users';
import { callingNode } from './caller';
import { CallRefused, NodeJoin, type CertificateSigner } from './join';
import type { JoinTokens } from './join-tokens';
import { NodeLeases } from './leases';
import { NodeMetrics } from './metrics';
import { NodeSession, type SessionCall } from './session';
import { NodeSessions } from './sessions';
import { NodeStreams } from './streams';
import { TlsListener, type TlsListenerOptions } from './tls-listener';

export interface NodeGatewayOptions extends Omit<TlsListenerOptions, 'clientAuthority'> {
  signer: CertificateSigner;
  tokens: JoinTokens;
  settings: ClusterSettings;
  serverVersion: string;
  transport: (user: User) => Transport;
  clock: Clock;
  metrics: Metrics;
  log: Logger;
  /** Milliseconds between heartbeats; 5 s unless given. */
  heartbeatInterval?: number;
  /** Of the certificates nodes get, in milliseconds; 90 days unless given. */
  certificateLifetime?: number;
}

// Requests of the API are at most 3 MiB; a frame of a stream is far smaller.
const MAX_MESSAGE_BYTES = 8 << 20;

/** Where agents dial in: admits nodes, serves their sessions, and pairs the streams users ask for. */
export class NodeGateway implements Closeable {
  readonly sessions: NodeSessions;
  readonly streams: NodeStreams;
  private readonly leases: NodeLeases;
  private readonly joining: NodeJoin;
  private readonly grpc = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': -1,
    'grpc.keepalive_time_ms': 10_000,
    'grpc.keepalive_timeout_ms': 5_000,
  });
  private listener!: TlsListener;

  private constructor(private readonly options: NodeGatewayOptions) {
    const { clock, tokens, signer, settings, certificateLifetime } = options;
    this.sessions = new NodeSessions(clock);
    this.streams = new NodeStreams(this.sessions, new NodeMetrics(options.metrics, this.sessions), clock);
    this.leases = new NodeLeases((node) => options.transport(nodeUser(node)), clock, options.log);
    this.joining = new NodeJoin(tokens, signer, settings, certificateLifetime);
  }

  static async listen(options: NodeGatewayOptions): Promise<NodeGateway> {
    const gateway = new NodeGateway(options);
    const service: NodeGatewayServer = {
      join: (call, answer) => {
        void gateway.join(call, answer);
      },
      session: (call) => {
        asNode(call, (node) => {
          gateway.beginSession(node, call);
        });
      },
      stream: (call) => {
        asNode(call, (node) => {
          gateway.streams.accept(node, call);
        });
      },
    };
    gateway.grpc.addService(NodeGatewayService, service);
    gateway.listener = await TlsListener.listen(gateway.grpc, {
      ...options,
      clientAuthority: options.signer.certificate,
    });
    return gateway;
  }

  get port(): number {
    return this.listener.port;
  }

  async close(): Promise<void> {
    this.sessions.close();
    await this.listener.close();
    this.grpc.forceShutdown();
  }

  private async join(
    call: ServerUnaryCall<JoinRequest, JoinResponse>,
    answer: sendUnaryData<JoinResponse>,
  ): Promise<void> {
    const node = call.request.nodeName;
    try {
      const response = await this.joining.join(call.request, callingNode(call));
      this.options.log.info({ node }, 'node joined');
      answer(null, response);
    } catch (error) {
      this.options.log.warn({ node, err: error }, 'a node was refused');
      answer(error instanceof CallRefused ? error : { code: status.INTERNAL, details: errorMessage(error) });
    }
  }

  private beginSession(node: string, call: SessionCall): void {
    const { log, settings, serverVersion, clock, heartbeatInterval = 5000 } = this.options;
    call.once('data', ({ message }: AgentMessage) => {
      if (message?.$case !== 'hello' || message.value.nodeName !== node) {
        refuse(call, new CallRefused(status.INVALID_ARGUMENT, `the session of ${node} must begin with its Hello`));
        return;
      }
      const session: NodeSession = new NodeSession(node, message.value, call, {
        settings,
        serverVersion,
        heartbeatInterval,
        transport: this.options.transport(nodeUser(node)),
        clock,
        onHeartbeat: () => {
          this.sessions.heartbeat(node);
          this.leases.heartbeat(node);
        },
        onClose: () => {
          this.sessions.remove(session);
          this.streams.abandon(session);
          log.info({ node }, 'node disconnected');
        },
      });
      this.sessions.add(session);
      this.leases.heartbeat(node);
      log.info({ node, version: message.value.version }, 'node connected');
    });
  }
}

/** Calls `serve` with the node the caller is, or refuses the call. */
function asNode(call: SessionCall | Parameters<NodeStreams['accept']>[1], serve: (node: string) => void): void {
  // A call may break at any time; who serves it listens for its end as well.
  call.on('error', () => undefined);
  const node = callingNode(call);
  if (node === undefined)
    refuse(call, new CallRefused(status.UNAUTHENTICATED, 'show the client certificate of a node; join to get one'));
  else serve(node);
}

function refuse(call: NodeJS.EventEmitter, refusal: CallRefused): void {
  call.emit('error', refusal);
}
