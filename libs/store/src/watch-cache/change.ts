/** What a watcher is told: an object came into its view, changed in it, or left it. */
export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/**
 * One change as watchers are told it. All watchers that see it alike share one instance, and with it one encoding
 * per form: an event goes to a thousand watchers for the price of encoding it once.
 */
export class Change<T> {
  private readonly encodings = new Map<string, Buffer>();

  constructor(
    readonly type: ChangeType,
    readonly key: string,
    /** Shared: never change it. For DELETED its last state, stamped with the revision of the deletion. */
    readonly object: T,
    readonly revision: number,
  ) {}

  /** The change in some form of the wire (`json`, `json;as=Table`), encoded by the first who asks. */
  encoded(form: string, encode: (change: Change<T>) => Buffer): Buffer {
    let buffer = this.encodings.get(form);
    if (!buffer) this.encodings.set(form, (buffer = encode(this)));
    return buffer;
  }
}

/** Which objects a watcher wants to see. */
export type Filter<T> = (object: T) => boolean;

/** A change of one key, whoever watches. */
export class CacheEvent<T> {
  private readonly changes: Partial<Record<ChangeType, Change<T>>> = {};

  constructor(
    readonly key: string,
    readonly revision: number,
    private readonly stamp: (object: T, revision: number) => T,
    /** Undefined: it was deleted. */
    private readonly object?: T,
    /** Undefined: it was created. */
    private readonly previous?: T,
  ) {}

  /** What the change means to a watcher of the filter's objects; undefined when it means nothing. */
  seenBy(filter?: Filter<T>): Change<T> | undefined {
    const now = this.object !== undefined && (!filter || filter(this.object));
    const before = this.previous !== undefined && (!filter || filter(this.previous));
    if (now) return this.change(before ? 'MODIFIED' : 'ADDED');
    return before ? this.change('DELETED') : undefined;
  }

  private change(type: ChangeType): Change<T> {
    return (this.changes[type] ??= new Change(
      type,
      this.key,
      type === 'DELETED' ? this.stamp(this.previous!, this.revision) : this.object!,
      this.revision,
    ));
  }
}
