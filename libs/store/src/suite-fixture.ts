import type { Closeable } from '@gantry/base';
import type { Entry, Operation, Store, StoreEvent, StoreWatcher } from './store';

/** One test's own corner of the store. */
export class SuiteFixture {
  constructor(
    readonly store: Store,
    readonly prefix: string,
  ) {}

  key(name: string): string {
    return this.prefix + name;
  }

  put(name: string, value: string, expect?: number): Extract<Operation, { type: 'put' }> {
    return { type: 'put', key: this.key(name), value: Buffer.from(value), expect };
  }

  delete(name: string, expect?: number): Operation {
    return { type: 'delete', key: this.key(name), expect };
  }

  get(name: string): Promise<Entry | undefined> {
    return this.store.get(this.key(name));
  }

  async commit(...operations: Operation[]): Promise<number> {
    return (await this.store.commit(operations)).revision;
  }

  failure(...operations: Operation[]): Promise<unknown> {
    return this.store.commit(operations).catch((error: unknown) => error);
  }

  async contents(): Promise<string[]> {
    return (await this.store.list(this.prefix)).entries.map((entry) => this.show(entry));
  }

  follow(fromRevision: number, under = ''): Follower {
    const follower = new Follower();
    follower.watch = this.store.watch(this.prefix + under, fromRevision, follower);
    return follower;
  }

  show(entry: Entry): string {
    return `${entry.key.slice(this.prefix.length)}=${entry.value.toString()}`;
  }

  showEvent(event: StoreEvent): string {
    return event.type === 'put' ? this.show(event.entry) : `-${event.key.slice(this.prefix.length)}`;
  }
}

/** Records what a watch delivers and checks its order. */
export class Follower implements StoreWatcher {
  readonly events: StoreEvent[] = [];
  readonly calls: { revision: number; events: number }[] = [];
  revision = 0;
  error?: Error;
  watch?: Closeable;
  private waiting: (() => void)[] = [];

  onEvents(events: StoreEvent[], revision: number): void {
    if (revision <= this.revision) this.error = new Error(`revision ${revision} was delivered after ${this.revision}`);
    this.events.push(...events);
    this.calls.push({ revision, events: events.length });
    this.advance(revision);
  }

  onProgress(revision: number): void {
    if (revision < this.revision) this.error = new Error(`progress went back from ${this.revision} to ${revision}`);
    this.advance(revision);
  }

  onError(error: Error): void {
    this.error = error;
    this.advance(this.revision);
  }

  /** Resolves once `reached`; rejects after `withinMs` milliseconds. */
  async until(reached: (events: StoreEvent[]) => boolean, withinMs = 4000): Promise<void> {
    const deadline = setTimeout(() => {
      this.error = new Error(
        `the watch delivered ${this.events.length} events up to ${this.revision} and then nothing`,
      );
      this.advance(this.revision);
    }, withinMs);
    while (!reached(this.events)) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
      if (this.error && !reached(this.events)) throw this.error;
    }
    clearTimeout(deadline);
  }

  /** The state after applying all events to `entries`, in key order. */
  fold(entries: Entry[]): Entry[] {
    const state = new Map(entries.map((entry) => [entry.key, entry]));
    for (const event of this.events) {
      if (event.type === 'put') state.set(event.entry.key, event.entry);
      else state.delete(event.key);
    }
    return [...state.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  close(): void {
    void this.watch?.close();
  }

  private advance(revision: number): void {
    this.revision = revision;
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
