/**
 * One read for all who ask at about the same time. A caller never gets the result of a read that began before it
 * asked, so what it gets is as fresh as a read of its own.
 */
export class SharedRead<T> {
  private running?: Promise<unknown>;
  private next?: Promise<T>;

  constructor(private readonly fetch: () => Promise<T>) {}

  read(): Promise<T> {
    if (!this.running) return this.begin();
    this.next ??= this.running.then(() => {
      this.next = undefined;
      return this.begin();
    });
    return this.next;
  }

  private begin(): Promise<T> {
    const result = this.fetch();
    const settled = () => {
      if (this.running === running) this.running = undefined;
    };
    const running = result.then(settled, settled);
    this.running = running;
    return result;
  }
}
