import { Channel } from '@gantry/base';
import type { CacheEvent, Change, Filter } from './change';

/** Tells a watcher that it has been told everything up to this revision. */
export interface Bookmark {
  type: 'BOOKMARK';
  revision: number;
}

export interface CacheWatchOptions<T> {
  /** Only keys that start with this; all of the cache's unless given. */
  prefix?: string;
  /** Only objects that pass. One that stops passing is told as DELETED, one that starts as ADDED. Must be pure. */
  filter?: Filter<T>;
  /** Send bookmarks once a while. */
  bookmarks?: boolean;
}

/** The watcher read so slowly that its buffer filled up; it has to watch again from where it was. */
export class WatcherTooSlow extends Error {
  override name = 'WatcherTooSlow';
}

/** One watcher's stream of changes: read it with `for await`, leave the loop or call `close` to stop. */
export class CacheWatch<T> implements AsyncIterable<Change<T> | Bookmark> {
  private readonly channel: Channel<Change<T> | Bookmark>;
  private told: number;

  constructor(
    private readonly options: CacheWatchOptions<T>,
    private readonly fromRevision: number,
    capacity: number,
    private readonly left: () => void,
  ) {
    this.told = fromRevision;
    this.channel = new Channel(capacity);
  }

  /** False once the watcher no longer takes anything. */
  offer(event: CacheEvent<T>): boolean {
    if (event.revision <= this.fromRevision) return true;
    const { prefix, filter } = this.options;
    if (prefix !== undefined && !event.key.startsWith(prefix)) return true;
    const change = event.seenBy(filter);
    if (!change) return true;
    this.told = change.revision;
    return this.push(change);
  }

  /** Sends a bookmark if the watcher wants them and has not been told of `revision` yet. */
  bookmark(revision: number): void {
    if (!this.options.bookmarks || revision <= this.told) return;
    this.told = revision;
    this.push({ type: 'BOOKMARK', revision });
  }

  close(error?: Error): void {
    this.channel.close(error);
    this.left();
  }

  [Symbol.asyncIterator](): AsyncIterator<Change<T> | Bookmark> {
    return {
      next: () => this.channel.next(),
      return: () => {
        this.left();
        return this.channel.return();
      },
    };
  }

  private push(item: Change<T> | Bookmark): boolean {
    if (this.channel.push(item)) return true;
    this.close(new WatcherTooSlow(`the watcher did not read ${this.channel.size} changes`));
    return false;
  }
}
