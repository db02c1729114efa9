import type { ClientDuplexStream } from '@grpc/grpc-js';
import { backoffDelay, sleep, uuid, type BackoffPolicy, type Closeable } from '@gantry/base';
import { serviceUnavailable } from '@gantry/api';
import type { Transport } from '@gantry/client';
import type { ClusterSettings, Hello, OpenStream, StreamFrame } from '@gantry/rpc';
import type { ApiCalls } from './api-calls';
import { Connection } from './connection';
import { GrpcTransport } from './grpc-transport';
import type { NodeIdentity } from './identity';
import { IdentityKeeper } from './identity-keeper';
import type { JoinSettings } from './join';

export interface SessionOptions {
  join: JoinSettings;
  /** What `joinCluster` answered. */
  identity: NodeIdentity;
  /** Of this agent. */
  version: string;
}

/** Serves a stream the gateway asks for; `open` makes the call on which it is to run. */
export type OpenStreamHandler = (request: OpenStream, open: () => ClientDuplexStream<StreamFrame, StreamFrame>) => void;

const RETRY: BackoffPolicy = { initial: 250, max: 10_000, jitter: 1 };
/** How long an API call waits for a connection. */
const PATIENCE_MS = 5_000;

interface Waiting {
  resolve: (calls: ApiCalls) => void;
  reject: (error: Error) => void;
  timeout: Closeable;
}

/**
 * The agent's standing conversation with the control plane. It is kept up for as long as it is open: when a server
 * goes away the next one is tried, with back-off and jitter so that many agents do not return at once.
 */
export class Session implements Closeable {
  /** The apiserver, as this node. */
  readonly transport: Transport = new GrpcTransport(() => this.calls());
  private connection?: Connection;
  /** Of the connection, once it is welcome. */
  private welcome?: ApiCalls;
  private clusterSettings: ClusterSettings;
  private readonly hello: Hello;
  private readonly keeper: IdentityKeeper;
  private readonly waiting = new Set<Waiting>();
  private readonly stopping = new AbortController();
  private openStream?: OpenStreamHandler;

  constructor(private readonly options: SessionOptions) {
    const { join, identity, version } = options;
    this.clusterSettings = identity.settings;
    this.hello = { nodeName: identity.nodeName, version, bootId: uuid() };
    this.keeper = new IdentityKeeper(join, identity);
    void this.run();
  }

  /** As the control plane last told them. */
  get settings(): ClusterSettings {
    return this.clusterSettings;
  }

  get connected(): boolean {
    return this.welcome !== undefined;
  }

  /** Registers who serves exec, attach, logs and port-forward. */
  onOpenStream(handler: OpenStreamHandler): void {
    this.openStream = handler;
  }

  close(): void {
    this.stopping.abort();
    this.keeper.close();
    this.connection?.close();
    for (const { reject, timeout } of this.waiting) {
      void timeout.close();
      reject(notConnected());
    }
    this.waiting.clear();
  }

  private async run(): Promise<void> {
    const { clock, log, servers } = this.options.join;
    const { signal } = this.stopping;
    for (let attempt = 0, failures = 0; !signal.aborted; attempt++) {
      const server = servers[attempt % servers.length]!;
      try {
        const { reason, welcomed } = await this.converse(server);
        if (!signal.aborted) log.warn({ server, err: reason }, welcomed ? 'the session ended' : 'could not connect');
        if (welcomed) failures = 0;
      } catch (error) {
        log.error({ err: error }, 'this node has no valid certificate');
      }
      failures++;
      // Rejects only when the session is closed, which ends the loop.
      await sleep(clock, backoffDelay(RETRY, failures), signal).catch(() => undefined);
    }
  }

  private async converse(server: string): Promise<{ reason: Error; welcomed: boolean }> {
    const identity = await this.keeper.current();
    let welcomed = false;
    const connection = new Connection({
      server,
      certificateAuthority: identity.certificateAuthority,
      identity,
      hello: this.hello,
      clock: this.options.join.clock,
      onWelcome: ({ settings }) => {
        welcomed = true;
        this.options.join.log.info({ server }, 'connected to the control plane');
        this.clusterSettings = settings ?? this.clusterSettings;
        this.welcome = connection.calls;
        this.wake(connection.calls);
      },
      onOpenStream: (request, open) => this.openStream?.(request, open),
    });
    this.connection = connection;
    if (this.stopping.signal.aborted) connection.close();
    const reason = await connection.ended;
    this.welcome = undefined;
    return { reason, welcomed };
  }

  private calls(): Promise<ApiCalls> {
    if (this.welcome) return Promise.resolve(this.welcome);
    if (this.stopping.signal.aborted) return Promise.reject(notConnected());
    return new Promise((resolve, reject) => {
      const timeout = this.options.join.clock.after(PATIENCE_MS, () => {
        this.waiting.delete(waiting);
        reject(notConnected());
      });
      const waiting = { resolve, reject, timeout };
      this.waiting.add(waiting);
    });
  }

  private wake(calls: ApiCalls): void {
    for (const { resolve, timeout } of this.waiting) {
      void timeout.close();
      resolve(calls);
    }
    this.waiting.clear();
  }
}

function notConnected(): Error {
  return serviceUnavailable('not connected to the control plane', 1);
}
