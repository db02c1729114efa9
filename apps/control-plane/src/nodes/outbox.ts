import type { Clock } from '@gantry/base';
import type { GatewayMessage } from '@gantry/rpc';

/** The writing half of a session's call. */
export interface MessageSink {
  write(message: GatewayMessage, flushed: (error?: Error | null) => void): boolean;
}

/**
 * What one agent has still to receive. Bounded: watches wait in `sent` before they send more, and an agent that
 * reads nothing while answers pile up is reported by `stalledFor` and `overflowing`, for its session to be dropped.
 */
export class Outbox {
  private pendingBytes = 0;
  private closed = false;
  private readonly waiting = new Set<() => void>();
  private lastProgress: number;

  constructor(
    private readonly sink: MessageSink,
    private readonly clock: Clock,
    private readonly limit = 64 << 20,
  ) {
    this.lastProgress = clock.monotonic();
  }

  /** Resolves when the message has left this process, or never will. The end of the session tells of a failure. */
  send(message: GatewayMessage['message'], size: number): Promise<void> {
    if (this.closed) return Promise.resolve();
    if (this.pendingBytes === 0) this.lastProgress = this.clock.monotonic();
    this.pendingBytes += size;
    return new Promise((resolve) => {
      this.waiting.add(resolve);
      this.sink.write({ message }, () => {
        this.pendingBytes -= size;
        this.lastProgress = this.clock.monotonic();
        this.waiting.delete(resolve);
        resolve();
      });
    });
  }

  /** Forgets what is not sent. */
  close(): void {
    this.closed = true;
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }

  get overflowing(): boolean {
    return this.pendingBytes > this.limit;
  }

  /** Milliseconds for which the agent has taken nothing although something waits for it. */
  stalledFor(): number {
    return this.pendingBytes === 0 ? 0 : this.clock.monotonic() - this.lastProgress;
  }
}
