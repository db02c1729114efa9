import { backoffDelay, type Clock, type Closeable } from '@gantry/base';
import type { Logger } from '@gantry/observability';
import type { IEvent, IWatchResponse } from 'etcd3/lib/rpc';
import { eventRevision } from '../operations';
import { RevisionCompacted, type StoreEvent } from '../store';
import type { EtcdConnection, WatchCall } from './etcd-connection';
import { entryOf } from './entries';

export interface EventSink {
  /** Events of whole revisions, in order; `revision` is the last one's. */
  onEvents(events: StoreEvent[], revision: number): void;
  /** The feed has ended: history it needs was compacted. */
  onError(error: RevisionCompacted): void;
}

const RECONNECT = { initial: 50, max: 2000, jitter: 0.5 };

/** The key range of everything. */
const ALL_KEYS = { key: Buffer.from([0]), range_end: Buffer.from([0]) };

/**
 * Every change in etcd after a revision, whatever the key, across lost connections, each exactly once.
 *
 * It watches the whole key space on purpose: every revision then shows up as an event, so the position is known
 * without progress requests (which etcd before 3.4.25 and 3.5.8 may answer ahead of events still under way).
 *
 * The position moves only by the revisions of events received, never by a response's header, whose revision may be
 * ahead of them. A resumed watch starts *at* the position, not after it, and drops what it knows: if that revision has
 * been compacted away, etcd then says so, where a start one later could silently miss a deletion.
 */
export class EventFeed implements Closeable {
  private call?: WatchCall;
  private pause?: Closeable;
  private closed = false;
  private failures = 0;
  private fragments: IEvent[] = [];

  constructor(
    private readonly connection: EtcdConnection,
    private readonly clock: Clock,
    private position: number,
    private readonly sink: EventSink,
    private readonly log: Logger,
  ) {
    void this.open();
  }

  close(): void {
    this.closed = true;
    this.call?.cancel();
    void this.pause?.close();
  }

  private async open(): Promise<void> {
    this.fragments = [];
    try {
      const call = await this.connection.openWatch();
      if (this.closed) {
        call.cancel();
        return;
      }
      this.call = call;
      call.on('data', (response) => {
        if (call === this.call) this.receive(response);
      });
      call.on('error', (error) => {
        this.reopen(call, error);
      });
      call.on('end', () => {
        this.reopen(call);
      });
      call.write({ create_request: { ...ALL_KEYS, start_revision: Math.max(1, this.position), fragment: true } });
    } catch (error) {
      this.openLater(error);
    }
  }

  private reopen(call: WatchCall, error?: unknown): void {
    if (call !== this.call) return;
    this.call = undefined;
    call.cancel();
    this.openLater(error);
  }

  private openLater(error: unknown): void {
    if (this.closed) return;
    this.failures++;
    this.log.warn(
      { err: error, position: this.position, failures: this.failures },
      'lost the watch of etcd; opening it again',
    );
    this.pause = this.clock.after(backoffDelay(RECONNECT, this.failures), () => void this.open());
  }

  private receive(response: IWatchResponse): void {
    if (response.canceled) {
      this.cancelled(Number(response.compact_revision));
      return;
    }
    this.failures = 0;
    if (response.fragment) {
      this.fragments.push(...response.events);
      return;
    }
    const received = this.fragments.length > 0 ? [...this.fragments, ...response.events] : response.events;
    this.fragments = [];
    const events = received.map(storeEvent).filter((event) => eventRevision(event) > this.position);
    if (events.length === 0) return;
    this.position = eventRevision(events[events.length - 1]!);
    this.sink.onEvents(events, this.position);
  }

  private cancelled(compactRevision: number): void {
    const call = this.call!;
    if (compactRevision === 0) {
      this.reopen(call);
      return;
    }
    this.close();
    this.sink.onError(new RevisionCompacted(compactRevision));
  }
}

function storeEvent({ type, kv }: IEvent): StoreEvent {
  return type === 'Put'
    ? { type: 'put', entry: entryOf(kv) }
    : { type: 'delete', key: kv.key.toString(), modRevision: Number(kv.mod_revision) };
}
