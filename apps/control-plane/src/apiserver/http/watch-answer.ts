import type { ServerResponse } from 'node:http';
import { StatusError, type KindInfo, type KubeObject } from '@gantry/api';
import type { Clock } from '@gantry/base';
import { Change } from '@gantry/store';
import { bookmarkOf } from '../bookmark';
import type { ApiWatch, WatchItem } from '../verbs/watch';
import { TABLE, type MediaChoice } from './negotiation';
import { objectText } from './object-text';
import { partialOf, readIncludeObject, tableOf } from './table';

// A client that has not read so much is waited for; should it stay behind, the cache drops its watch.
const MAX_UNSENT_BYTES = 1 << 20;
const STALLED_MS = 60_000;

/**
 * Writes a watch as JSON documents, one a line. Each change is encoded once per form, whoever watches: a form is the
 * kind's version, the shape and how much of the object the rows carry.
 */
export async function answerWatch(
  response: ServerResponse,
  watch: ApiWatch,
  encoder: WatchEncoder,
  clock: Clock,
): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' });
  response.flushHeaders();
  const stop = (): void => {
    watch.close();
  };
  response.once('close', stop);
  try {
    for await (const item of watch) {
      if (response.destroyed) return;
      response.write(encoder.encode(item));
      if (response.writableLength > MAX_UNSENT_BYTES) await drained(response, clock);
    }
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    response.write(line({ type: 'ERROR', object: error.toStatus() }));
  } finally {
    response.off('close', stop);
    response.end();
  }
}

/** Waits until the client has read on; one that reads nothing for too long is cut off. */
function drained(response: ServerResponse, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const patience = clock.after(STALLED_MS, () => response.destroy());
    const done = (): void => {
      void patience.close();
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.once('drain', done).once('close', done);
  });
}

/** Turns what a watch tells into the lines of one client. */
export class WatchEncoder {
  private readonly form: string;
  private columnsSent = false;

  constructor(
    private readonly kind: KindInfo,
    private readonly choice: MediaChoice,
    private readonly query: URLSearchParams,
    private readonly now: () => number,
  ) {
    const { as = '', version = '' } = choice.shape ?? {};
    const include = as === TABLE.as ? readIncludeObject(query) : '';
    this.form = [kind.apiVersion, as, version, include].join(';');
  }

  encode(item: WatchItem): Buffer {
    if (!(item instanceof Change))
      return line({ type: 'BOOKMARK', object: this.bookmark(bookmarkOf(this.kind, item)) });
    // Only a table's first event carries the columns: it is this client's own.
    if (this.choice.shape?.as === TABLE.as && !this.columnsSent) {
      this.columnsSent = true;
      return line({ type: item.type, object: this.table(item.object, true) });
    }
    return item.encoded(this.form, (change) => this.encodeShared(change));
  }

  private encodeShared({ type, object }: Change<KubeObject>): Buffer {
    const { shape } = this.choice;
    if (!shape) return Buffer.from(`{"type":"${type}","object":${objectText(object)}}\n`);
    return line({ type, object: shape.as === TABLE.as ? this.table(object, false) : partialOf(object, shape.version) });
  }

  private bookmark(object: object): object {
    const { shape } = this.choice;
    if (!shape) return object;
    const { metadata } = object as KubeObject;
    return shape.as === TABLE.as
      ? {
          ...this.tableOf([], !this.columnsSent),
          metadata,
          rows: [{ cells: [], object: partialOf({ metadata } as KubeObject, 'v1') }],
        }
      : partialOf({ metadata } as KubeObject, shape.version);
  }

  private table(object: KubeObject, columns: boolean): object {
    return this.tableOf([object], columns);
  }

  private tableOf(objects: KubeObject[], columns: boolean): object {
    const metadata = objects[0] ? { resourceVersion: objects[0].metadata.resourceVersion } : {};
    const include = readIncludeObject(this.query);
    const { version } = this.choice.shape!;
    return tableOf(this.kind, objects, metadata, { include, version, now: this.now(), columns });
  }
}

function line(event: object): Buffer {
  return Buffer.from(JSON.stringify(event) + '\n');
}
