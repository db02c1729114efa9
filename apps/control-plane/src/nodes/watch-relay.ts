import type { WatchEvent } from '@gantry/api';

/** Sent at most this many at once, or this many bytes. */
const BATCH_EVENTS = 256;
const BATCH_BYTES = 256 * 1024;

/** Objects go to many nodes: each is encoded once for each type of event, and forgotten with the object. */
const encoded = new WeakMap<object, Map<string, Buffer>>();

/**
 * Passes a watch on in batches: what comes while a batch is on its way goes with the next one. While the receiver is
 * slow nothing more is pulled, so that the watch's own bounded buffer decides when the watcher is too slow.
 * Resolves at the watch's end; throws its error once the events before it are sent.
 */
export async function relayWatch(
  events: AsyncIterable<WatchEvent>,
  send: (batch: Buffer[], bytes: number) => Promise<void>,
): Promise<void> {
  const batch = new Batch(send);
  try {
    for await (const event of events) {
      batch.add(encodeEvent(event));
      if (batch.full) await batch.flushed();
    }
  } finally {
    await batch.flushed();
  }
}

class Batch {
  private events: Buffer[] = [];
  private bytes = 0;
  private sending?: Promise<void>;

  constructor(private readonly send: (batch: Buffer[], bytes: number) => Promise<void>) {}

  get full(): boolean {
    return this.events.length >= BATCH_EVENTS || this.bytes >= BATCH_BYTES;
  }

  add(event: Buffer): void {
    this.events.push(event);
    this.bytes += event.length;
    this.sending ??= this.run();
  }

  async flushed(): Promise<void> {
    await this.sending;
  }

  private async run(): Promise<void> {
    // Events of one change arrive within one turn of the event loop.
    await new Promise(setImmediate);
    while (this.events.length > 0) {
      const { events, bytes } = this;
      this.events = [];
      this.bytes = 0;
      await this.send(events, bytes);
    }
    this.sending = undefined;
  }
}

function encodeEvent(event: WatchEvent): Buffer {
  const object = event.object as object;
  let byType = encoded.get(object);
  if (!byType) encoded.set(object, (byType = new Map<string, Buffer>()));
  let bytes = byType.get(event.type);
  if (!bytes) byType.set(event.type, (bytes = Buffer.from(JSON.stringify({ type: event.type, object }))));
  return bytes;
}
