import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { Clock, Closeable } from '@gantry/base';
import type {
  AgentMessage,
  GatewayMessage,
  Hello,
  NodeGatewayClient,
  OpenStream,
  StreamFrame,
  Welcome,
} from '@gantry/rpc';
import { ApiCalls } from './api-calls';
import { dialGateway, type DialOptions } from './dial';

export interface ConnectionOptions extends DialOptions {
  hello: Hello;
  clock: Clock;
  onWelcome(welcome: Welcome): void;
  onOpenStream(request: OpenStream, open: () => ClientDuplexStream<StreamFrame, StreamFrame>): void;
}

const WELCOME_TIMEOUT_MS = 10_000;
const MISSED_HEARTBEATS = 3;

/** One conversation with one server, from Hello to its end. */
export class Connection implements Closeable {
  readonly calls = new ApiCalls((message) => {
    this.send(message);
  });
  private readonly client: NodeGatewayClient;
  private readonly call: ClientDuplexStream<AgentMessage, GatewayMessage>;
  private timer: Closeable;
  private sent = 0;
  private answered = 0;
  private over = false;
  /** Streams live no longer than the conversation in which they were asked for. */
  private readonly streams = new Set<ClientDuplexStream<StreamFrame, StreamFrame>>();
  private finish!: (reason: Error) => void;
  /** Resolves when the conversation is over, to the reason. */
  readonly ended = new Promise<Error>((resolve) => (this.finish = resolve));

  constructor(private readonly options: ConnectionOptions) {
    this.client = dialGateway(options);
    this.call = this.client.session();
    this.call.on('data', (message: GatewayMessage) => {
      this.receive(message);
    });
    this.call.on('error', (error: Error) => {
      this.end(error);
    });
    this.call.on('end', () => {
      this.end(new Error('the server ended the session'));
    });
    this.timer = options.clock.after(WELCOME_TIMEOUT_MS, () => {
      this.end(new Error(`no welcome within ${WELCOME_TIMEOUT_MS / 1000}s`));
    });
    this.send({ $case: 'hello', value: options.hello });
  }

  close(): void {
    this.end(new Error('the session was closed'));
  }

  private receive({ message }: GatewayMessage): void {
    switch (message?.$case) {
      case 'answer':
        this.calls.onAnswer(message.value);
        return;
      case 'events':
        this.calls.onEvents(message.value);
        return;
      case 'heartbeat':
        this.answered = message.value.sequence;
        return;
      case 'openStream':
        this.options.onOpenStream(message.value, () => this.openStream());
        return;
      case 'welcome':
        void this.timer.close();
        this.beat(message.value.heartbeatMilliseconds);
        this.options.onWelcome(message.value);
        return;
      case undefined:
      // A newer server may say what this agent does not know.
    }
  }

  private openStream(): ClientDuplexStream<StreamFrame, StreamFrame> {
    const stream = this.client.stream();
    if (this.over) stream.cancel();
    this.streams.add(stream);
    stream.on('status', () => this.streams.delete(stream));
    return stream;
  }

  private beat(interval: number): void {
    if (this.sent - this.answered >= MISSED_HEARTBEATS) {
      this.end(new Error(`the server answered none of ${MISSED_HEARTBEATS} heartbeats`));
      return;
    }
    this.send({ $case: 'heartbeat', value: { sequence: ++this.sent } });
    this.timer = this.options.clock.after(interval, () => {
      this.beat(interval);
    });
  }

  private send(message: AgentMessage['message']): void {
    if (!this.over) this.call.write({ message });
  }

  private end(reason: Error): void {
    if (this.over) return;
    this.over = true;
    void this.timer.close();
    this.calls.close(reason);
    this.call.cancel();
    for (const stream of this.streams) stream.cancel();
    this.client.close();
    this.finish(reason);
  }
}
