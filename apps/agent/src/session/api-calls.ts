import { Channel } from '@gantry/base';
import { serviceUnavailable, StatusError, tooManyRequests, type ApiRequest, type WatchEvent } from '@gantry/api';
import type { AgentMessage, ApiAnswer, WatchEvents } from '@gantry/rpc';

/** Events a watch may hold for a reader that is busy, before it is given up. */
const MAX_WAITING_EVENTS = 65_536;

type Open =
  | { type: 'request'; resolve: (object: unknown) => void; reject: (error: Error) => void }
  | { type: 'watch'; events: Channel<WatchEvent> };

/** The API requests and watches open on one session, by number. They end with it. */
export class ApiCalls {
  private readonly open = new Map<number, Open>();
  private lastId = 0;
  private failure?: Error;

  constructor(private readonly send: (message: AgentMessage['message']) => void) {}

  request(request: ApiRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.begin(request, { type: 'request', resolve, reject });
    });
  }

  async *watch(request: ApiRequest, signal: AbortSignal): AsyncIterable<WatchEvent> {
    if (signal.aborted) return;
    const events = new Channel<WatchEvent>(MAX_WAITING_EVENTS);
    const id = this.begin(request, { type: 'watch', events });
    const stop = (): void => {
      events.close();
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const event of events) {
        if (signal.aborted) return;
        yield event;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      if (this.open.delete(id)) this.send({ $case: 'cancel', value: { id } });
    }
  }

  onAnswer({ id, code, body }: ApiAnswer): void {
    const call = this.open.get(id);
    if (!call) return;
    this.open.delete(id);
    const object: unknown = body.length > 0 ? JSON.parse(body.toString()) : undefined;
    const error = code >= 200 && code < 300 ? undefined : StatusError.fromStatus(object ?? { code });
    if (call.type === 'watch') call.events.close(error);
    else if (error) call.reject(error);
    else call.resolve(object);
  }

  onEvents({ id, events }: WatchEvents): void {
    const call = this.open.get(id);
    if (call?.type !== 'watch') return;
    for (const bytes of events) {
      if (call.events.push(JSON.parse(bytes.toString()) as WatchEvent)) continue;
      call.events.close(tooManyRequests(1, 'the watch was given up: its reader is too slow'));
      this.open.delete(id);
      this.send({ $case: 'cancel', value: { id } });
      return;
    }
  }

  /** The session is over: what is open fails, and so does what comes. A request may or may not have been carried out. */
  close(reason: Error): void {
    this.failure = reason;
    for (const call of this.open.values()) {
      if (call.type === 'request') call.reject(lost(reason));
      else call.events.close(lost(reason));
    }
    this.open.clear();
  }

  private begin(request: ApiRequest, call: Open): number {
    if (this.failure) throw lost(this.failure);
    const id = ++this.lastId;
    this.open.set(id, call);
    this.send({ $case: 'call', value: { id, request: Buffer.from(JSON.stringify(request)) } });
    return id;
  }
}

function lost(cause: Error): StatusError {
  return serviceUnavailable('the connection to the control plane was lost', 1, cause);
}
