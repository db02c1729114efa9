import { status, type CallOptions, type Client, type Metadata, type ServiceError } from '@grpc/grpc-js';
import type { Clock, Closeable } from '@gantry/base';
import { circuitBreaker, ConsecutiveBreaker, handleWhen, isBrokenCircuitError, noop } from 'cockatiel';
import { ConnectionPool, type Host } from 'etcd3/lib/connection-pool';
import {
  KVClient,
  LeaseClient,
  type ICallable,
  type IWatchRequest,
  type IWatchResponse,
  type Services,
} from 'etcd3/lib/rpc';
import { EtcdFailure } from './etcd-failure';

export interface EtcdOptions {
  /** One per member: `http://127.0.0.1:2379`, or `https://…` with `tls`. */
  endpoints: string[];
  /** PEM: the authority that signed etcd's certificates, and this client's own certificate. */
  tls?: { ca: Buffer; cert?: Buffer; key?: Buffer };
  /** Milliseconds after which a call is given up; 5,000 unless given. */
  timeout?: number;
}

type ServiceName = keyof typeof Services;

/** The duplex stream of etcd's Watch service. */
export interface WatchCall extends Closeable {
  write(request: IWatchRequest): void;
  on(event: 'data', fn: (response: IWatchResponse) => void): unknown;
  on(event: 'error', fn: (error: Error) => void): unknown;
  on(event: 'end', fn: () => void): unknown;
  cancel(): void;
}

// etcd closes calls of clients that ping more often than every 5 s.
const KEEPALIVE_MS = 10_000;

/**
 * Calls to etcd's members. etcd3 brings connections and typed clients; what happens on failure is decided here:
 * every call has a deadline, goes to a member that has a leader, and is tried again only if it was surely not sent.
 * (etcd3's own policy repeats any call that failed as UNAVAILABLE, and so may apply a write twice.)
 */
export class EtcdConnection implements ICallable<Host>, Closeable {
  readonly kv = new KVClient(this);
  readonly lease = new LeaseClient(this);
  readonly callOptionsFactory = undefined;
  private readonly pool: ConnectionPool;
  private readonly timeout: number;
  private readonly tries: number;

  constructor(
    options: EtcdOptions,
    private readonly clock: Clock,
  ) {
    this.timeout = options.timeout ?? 5000;
    this.tries = options.endpoints.length;
    this.pool = new ConnectionPool({
      hosts: options.endpoints,
      credentials: options.tls && {
        rootCertificate: options.tls.ca,
        privateKey: options.tls.key,
        certChain: options.tls.cert,
      },
      faultHandling: { global: noop, host: () => (this.tries > 1 ? skipUnreachable() : noop) },
      grpcOptions: {
        'grpc.max_receive_message_length': -1,
        'grpc.max_send_message_length': -1,
        'grpc.keepalive_time_ms': KEEPALIVE_MS,
        'grpc.keepalive_timeout_ms': KEEPALIVE_MS / 2,
        'grpc.initial_reconnect_backoff_ms': 100,
        'grpc.min_reconnect_backoff_ms': 100,
        'grpc.max_reconnect_backoff_ms': 2000,
      },
    });
  }

  /** Rejects with {@link EtcdFailure}. */
  async exec<T>(service: ServiceName, method: string, payload: unknown, options?: CallOptions): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.pool.withConnection(service, ({ client, metadata }) =>
          this.unary<T>(client, method, payload, metadata, { deadline: this.clock.now() + this.timeout, ...options }),
        );
      } catch (error) {
        const failure = asFailure(error);
        if (failure.outcome !== 'unsent' || tries > this.tries) throw failure;
      }
    }
  }

  withConnection<R>(
    service: ServiceName,
    call: (at: { resource: Host; client: Client; metadata: Metadata }) => Promise<R> | R,
  ): Promise<R> {
    return this.pool.withConnection(service, call);
  }

  markFailed(resource: Host, error: Error): void {
    this.pool.markFailed(resource, error);
  }

  /** Opens the stream on some member; it ends with an error when that member loses its leader. */
  openWatch(): Promise<WatchCall> {
    return this.pool.withConnection('Watch', ({ client, metadata }) => {
      const watcher = client as unknown as { watch(metadata: Metadata): WatchCall };
      return watcher.watch(withLeader(metadata));
    });
  }

  close(): void {
    this.pool.close();
  }

  private unary<T>(
    client: Client,
    method: string,
    payload: unknown,
    metadata: Metadata,
    options: CallOptions,
  ): Promise<T> {
    type Method = (
      payload: unknown,
      metadata: Metadata,
      options: CallOptions,
      done: (error: ServiceError | null, response: T) => void,
    ) => void;
    const call = (client as unknown as Record<string, Method>)[method]!;
    return new Promise((resolve, reject) => {
      call.call(client, payload, withLeader(metadata), options, (error, response) => {
        if (error) reject(EtcdFailure.of(error));
        else resolve(response);
      });
    });
  }
}

/** A member cut off from the quorum then answers "no leader" instead of letting the call hang. */
function withLeader(metadata: Metadata): Metadata {
  metadata.set('hasleader', 'true');
  return metadata;
}

/** After a failure to connect, a member is left out for a second. */
function skipUnreachable() {
  const unreachable = handleWhen((error) => error instanceof EtcdFailure && error.outcome === 'unsent');
  return circuitBreaker(unreachable, { halfOpenAfter: 1000, breaker: new ConsecutiveBreaker(1) });
}

function asFailure(error: unknown): EtcdFailure {
  if (error instanceof EtcdFailure) return error;
  if (isBrokenCircuitError(error)) return new EtcdFailure(status.UNAVAILABLE, 'no member can be reached', 'unsent');
  throw error;
}
