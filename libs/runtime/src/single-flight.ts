/**
 * Lets callers who want the same thing at the same time share the work. A caller may leave (its signal is aborted);
 * the work is aborted only when the last one has left.
 */
export class SingleFlight<T> {
  private readonly flights = new Map<string, { result: Promise<T>; waiting: number; leave: AbortController }>();

  async run(key: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const flight = this.flights.get(key) ?? this.begin(key, work);
    flight.waiting++;
    const onLeave = () => {
      if (--flight.waiting > 0) return;
      // Whoever comes after the last one left begins anew.
      if (this.flights.get(key) === flight) this.flights.delete(key);
      flight.leave.abort(signal!.reason);
    };
    signal?.addEventListener('abort', onLeave, { once: true });
    try {
      return await (signal ? Promise.race([flight.result, rejectOnAbort(signal)]) : flight.result);
    } finally {
      signal?.removeEventListener('abort', onLeave);
    }
  }

  /** The result of the work that is being done, for work that depends on it; undefined when there is none. */
  underWay(key: string): Promise<T> | undefined {
    return this.flights.get(key)?.result;
  }

  private begin(key: string, work: (signal: AbortSignal) => Promise<T>) {
    const leave = new AbortController();
    const flight = { result: work(leave.signal), waiting: 0, leave };
    this.flights.set(key, flight);
    const land = () => {
      if (this.flights.get(key) === flight) this.flights.delete(key);
    };
    flight.result.then(land, land);
    return flight;
  }
}

const rejectOnAbort = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
