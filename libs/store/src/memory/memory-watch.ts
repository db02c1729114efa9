import type { Closeable } from '@gantry/base';
import { eventKey } from '../operations';
import { RevisionCompacted, type StoreEvent, type StoreWatcher } from '../store';

/** What a watch reads from its store. */
interface EventLog {
  eventsAt(revision: number): StoreEvent[];
  revision(): number;
  compacted(): number;
  left(): void;
}

/** A reader of the store's log with a place of its own: it delivers in a later microtask, never inside the write. */
export class MemoryWatch implements Closeable {
  private awake = false;
  private closed = false;

  constructor(
    private readonly prefix: string,
    private delivered: number,
    private readonly watcher: StoreWatcher,
    private readonly log: EventLog,
  ) {}

  wake(): void {
    if (this.awake) return;
    this.awake = true;
    queueMicrotask(() => {
      this.awake = false;
      this.deliver();
    });
  }

  close(): void {
    this.closed = true;
    this.log.left();
  }

  private deliver(): void {
    if (this.closed) return;
    if (this.delivered < this.log.compacted()) {
      this.close();
      this.watcher.onError(new RevisionCompacted(this.log.compacted()));
      return;
    }
    let reported = this.delivered;
    // The watcher may close itself in any of its calls.
    while (!this.closed && this.delivered < this.log.revision()) {
      const revision = ++this.delivered;
      const events = this.log.eventsAt(revision).filter((event) => eventKey(event).startsWith(this.prefix));
      if (events.length === 0) continue;
      this.watcher.onEvents(events, revision);
      reported = revision;
    }
    if (!this.closed && this.delivered > reported) this.watcher.onProgress(this.delivered);
  }
}
