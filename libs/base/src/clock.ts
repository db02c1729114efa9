/** Something that holds a resource (a timer, watch, socket, process) until it is closed. Closing twice is harmless. */
export interface Closeable {
  close(): void | Promise<void>;
}

/** Time as the code sees it. Only this file and its fakes touch the process's own clock and timers. */
export interface Clock {
  /** Wall-clock time in milliseconds since the epoch: for timestamps that people or other machines read. */
  now(): number;
  /** Milliseconds that never go backwards: for durations, deadlines and leases. */
  monotonic(): number;
  /** Runs `fn` once after `ms` milliseconds unless closed first. */
  after(ms: number, fn: () => void): Closeable;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return {
      close: () => {
        clearTimeout(timer);
      },
    };
  },
};

/** Resolves after `ms` milliseconds, or rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortReason(signal));
      return;
    }
    const onAbort = () => {
      void timer.close();
      reject(abortReason(signal!));
    };
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}
