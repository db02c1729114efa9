import { status, type ServerDuplexStream } from '@grpc/grpc-js';
import type { Clock, Closeable } from '@gantry/base';
import { badRequest, internalError, StatusError, tooManyRequests, type ApiRequest, type Status } from '@gantry/api';
import type { Transport } from '@gantry/client';
import type { AgentMessage, ApiCall, ClusterSettings, GatewayMessage, Hello, OpenStream } from '@gantry/rpc';
import { Outbox } from './outbox';
import { relayWatch } from './watch-relay';

export type SessionCall = ServerDuplexStream<AgentMessage, GatewayMessage>;

export interface SessionOptions {
  settings: ClusterSettings;
  serverVersion: string;
  /** How often the agent is to send one, in milliseconds; without three in a row the session ends. */
  heartbeatInterval: number;
  /** The apiserver as this node sees it. */
  transport: Transport;
  clock: Clock;
  onHeartbeat(): void;
  onClose(): void;
}

/** Requests and watches one agent may have open at a time. */
const MAX_CALLS = 1024;
const MISSED_HEARTBEATS = 3;

/** The gateway's end of an agent's session: serves its API calls and watches until either side leaves. */
export class NodeSession implements Closeable {
  private readonly calls = new Map<number, AbortController>();
  private readonly outbox: Outbox;
  private lastHeartbeat: number;
  private watchdog?: Closeable;
  private closed = false;

  constructor(
    readonly node: string,
    /** Of this start of the agent. */
    readonly hello: Hello,
    private readonly call: SessionCall,
    private readonly options: SessionOptions,
  ) {
    this.outbox = new Outbox(call, options.clock);
    this.lastHeartbeat = options.clock.monotonic();
    call.on('data', (message: AgentMessage) => {
      this.receive(message);
    });
    for (const event of ['end', 'error', 'cancelled', 'close']) {
      call.on(event, () => {
        this.close();
      });
    }
    const { settings, serverVersion, heartbeatInterval } = options;
    void this.outbox.send(
      { $case: 'welcome', value: { settings, serverVersion, heartbeatMilliseconds: heartbeatInterval } },
      1024,
    );
    this.watch();
  }

  /** Asks the agent to open a stream. */
  openStream(request: OpenStream): void {
    void this.outbox.send({ $case: 'openStream', value: request }, 1024);
  }

  /** Ends the session and all its calls; the agent learns why. */
  close(code = status.UNAVAILABLE, why = 'the session has ended'): void {
    if (this.closed) return;
    this.closed = true;
    void this.watchdog?.close();
    for (const call of this.calls.values()) call.abort();
    this.calls.clear();
    this.outbox.close();
    this.options.onClose();
    this.call.emit('error', { code, details: why });
  }

  private watch(): void {
    const { clock, heartbeatInterval } = this.options;
    this.watchdog = clock.after(heartbeatInterval, () => {
      const limit = MISSED_HEARTBEATS * heartbeatInterval;
      if (clock.monotonic() - this.lastHeartbeat > limit) this.close(status.DEADLINE_EXCEEDED, 'no heartbeat came');
      else if (this.outbox.stalledFor() > limit || this.outbox.overflowing)
        this.close(status.RESOURCE_EXHAUSTED, 'the agent does not read');
      else this.watch();
    });
  }

  private receive({ message }: AgentMessage): void {
    if (this.closed || !message) return;
    switch (message.$case) {
      case 'call':
        this.serve(message.value);
        return;
      case 'cancel':
        this.calls.get(message.value.id)?.abort();
        this.calls.delete(message.value.id);
        return;
      case 'heartbeat':
        this.lastHeartbeat = this.options.clock.monotonic();
        this.options.onHeartbeat();
        void this.outbox.send({ $case: 'heartbeat', value: message.value }, 16);
        return;
      case 'hello':
        this.close(status.INVALID_ARGUMENT, 'a session begins with one Hello');
    }
  }

  private serve({ id, request }: ApiCall): void {
    const abort = new AbortController();
    if (this.calls.has(id)) {
      this.close(status.INVALID_ARGUMENT, `call ${id} is already open`);
      return;
    }
    const full = this.calls.size >= MAX_CALLS;
    this.calls.set(id, abort);
    const answered = full
      ? Promise.reject(tooManyRequests(1, `node ${this.node} has ${MAX_CALLS} calls open`))
      : this.perform(id, request, abort.signal);
    answered.then(
      (object) => {
        this.answer(id, 200, object);
      },
      (error: unknown) => {
        const failure = statusOf(error);
        this.answer(id, failure.code, failure);
      },
    );
  }

  /** Resolves to the answer's object: for a watch, when it ends, to none. */
  private async perform(id: number, bytes: Buffer, signal: AbortSignal): Promise<unknown> {
    const request = decode(bytes);
    if (request.verb !== 'watch') return this.options.transport.request(request);
    await relayWatch(this.options.transport.watch(request, signal), (events, size) =>
      signal.aborted ? Promise.resolve() : this.outbox.send({ $case: 'events', value: { id, events } }, size),
    );
    return undefined;
  }

  private answer(id: number, code: number, object: unknown): void {
    // Cancelled meanwhile: the agent has forgotten the call.
    if (!this.calls.delete(id)) return;
    const body = object === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(object));
    void this.outbox.send({ $case: 'answer', value: { id, code, body } }, body.length + 16);
  }
}

function statusOf(error: unknown): Status {
  return (error instanceof StatusError ? error : internalError(error)).toStatus();
}

function decode(bytes: Buffer): ApiRequest {
  try {
    return JSON.parse(bytes.toString()) as ApiRequest;
  } catch (error) {
    throw badRequest('the request is not JSON', error);
  }
}
