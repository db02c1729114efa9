/**
 * A queue between one or more writers and one reader, read as an async iterator.
 * Bounded: `push` returns false once `capacity` values wait, and the writer decides what a slow reader means.
 */
export class Channel<T> implements AsyncIterableIterator<T> {
  private readonly waiting: T[] = [];
  private head = 0;
  private wake?: () => void;
  private ended = false;
  private failure?: Error;

  constructor(private readonly capacity = Number.POSITIVE_INFINITY) {}

  /** Adds a value; false when the channel is closed or full (the value is then not added). */
  push(value: T): boolean {
    if (this.ended || this.size >= this.capacity) return false;
    this.waiting.push(value);
    this.wake?.();
    return true;
  }

  get size(): number {
    return this.waiting.length - this.head;
  }

  /** Ends the iteration once the waiting values are read; with an error, the reader gets it thrown after them. */
  close(error?: Error): void {
    if (this.ended) return;
    this.ended = true;
    this.failure = error;
    this.wake?.();
  }

  get closed(): boolean {
    return this.ended;
  }

  async next(): Promise<IteratorResult<T>> {
    for (;;) {
      if (this.head < this.waiting.length) return { done: false, value: this.take() };
      if (this.failure) throw this.failure;
      if (this.ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = undefined;
    }
  }

  /** Called when the reader leaves its loop early: later pushes are refused. */
  return(): Promise<IteratorResult<T>> {
    this.close();
    this.waiting.length = 0;
    this.head = 0;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private take(): T {
    const value = this.waiting[this.head]!;
    this.head++;
    if (this.head > 1024 && this.head * 2 > this.waiting.length) {
      this.waiting.splice(0, this.head);
      this.head = 0;
    }
    return value;
  }
}
