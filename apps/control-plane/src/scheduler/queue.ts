import { backoffDelay, type Clock, type Closeable } from '@gantry/base';

/** A pod that wants a node, by key `namespace/name`. */
export interface QueuedPod {
  key: string;
  uid: string;
  priority: number;
  /** When it was first seen, on the monotonic clock: the order among equals. */
  since: number;
  attempts: number;
}

const BACKOFF = { initial: 1000, max: 10_000, jitter: 0 };
// Even without an event that could help, an unschedulable pod is looked at again now and then: events can be missed.
const STALE_MS = 60_000;

/**
 * Pods waiting for a node. `active` ones are tried by priority, then age. A pod that fits nowhere waits until something
 * happens that could help it (`wake`), and then at least its back-off, which doubles with each failed try.
 */
export class SchedulingQueue implements Closeable {
  private readonly active = new ActivePods();
  private readonly waiting = new Map<string, { pod: QueuedPod; until: number; parked: boolean; parkedAt: number }>();
  private readonly known = new Map<string, QueuedPod>();
  private timer?: Closeable;
  private timerAt = Number.POSITIVE_INFINITY;
  private notify?: () => void;
  private closed = false;

  constructor(private readonly clock: Clock) {}

  /** A pod without a node was seen. One that is known already keeps its place, unless it is a new pod of the same name. */
  add(key: string, uid: string, priority: number): void {
    if (this.known.get(key)?.uid === uid) return;
    this.remove(key);
    const pod: QueuedPod = { key, uid, priority, since: this.clock.monotonic(), attempts: 0 };
    this.known.set(key, pod);
    this.activate(pod);
  }

  /** The pod is bound, gone or not ours any more. */
  remove(key: string): void {
    const pod = this.known.get(key);
    if (!pod) return;
    this.known.delete(key);
    this.waiting.delete(key);
    this.active.delete(pod);
  }

  /** The next pod to try; undefined when none is active. */
  take(): QueuedPod | undefined {
    const pod = this.active.take();
    if (pod) pod.attempts++;
    return pod;
  }

  /** The pod fits nowhere: it waits for `wake`. */
  park(pod: QueuedPod): void {
    this.wait(pod, true);
  }

  /** The try failed for a reason that time may mend (a write was refused, say): it is repeated after its back-off. */
  retry(pod: QueuedPod): void {
    this.wait(pod, false);
  }

  /** Something changed that may help parked pods: room came free, a node came or changed. */
  wake(): void {
    for (const entry of this.waiting.values()) entry.parked = false;
    this.release();
  }

  /** Resolves when a pod is active or the queue is closed. */
  async ready(): Promise<void> {
    while (this.active.size === 0 && !this.closed) await new Promise<void>((resolve) => (this.notify = resolve));
  }

  counts(): { active: number; backoff: number; unschedulable: number } {
    let unschedulable = 0;
    for (const { parked } of this.waiting.values()) if (parked) unschedulable++;
    return { active: this.active.size, backoff: this.waiting.size - unschedulable, unschedulable };
  }

  close(): void {
    this.closed = true;
    void this.timer?.close();
    this.notify?.();
  }

  private wait(pod: QueuedPod, parked: boolean): void {
    if (this.known.get(pod.key) !== pod) return;
    const now = this.clock.monotonic();
    const until = now + backoffDelay(BACKOFF, pod.attempts);
    this.waiting.set(pod.key, { pod, until, parked, parkedAt: now });
    this.setTimer(parked ? now + STALE_MS : until);
  }

  private release(): void {
    const now = this.clock.monotonic();
    let next = Number.POSITIVE_INFINITY;
    for (const [key, { pod, until, parked, parkedAt }] of this.waiting) {
      const at = parked ? parkedAt + STALE_MS : until;
      if (at <= now) {
        this.waiting.delete(key);
        this.activate(pod);
      } else next = Math.min(next, at);
    }
    this.setTimer(next);
  }

  private setTimer(at: number): void {
    if (at >= this.timerAt || this.closed) return;
    void this.timer?.close();
    this.timerAt = at;
    this.timer = this.clock.after(Math.max(0, at - this.clock.monotonic()), () => {
      this.timerAt = Number.POSITIVE_INFINITY;
      this.release();
    });
  }

  private activate(pod: QueuedPod): void {
    this.active.add(pod);
    this.notify?.();
  }
}

/** Active pods in lists by priority: adding and taking cost the same however many wait. */
class ActivePods {
  private readonly byPriority = new Map<number, Set<QueuedPod>>();
  size = 0;

  add(pod: QueuedPod): void {
    let pods = this.byPriority.get(pod.priority);
    if (!pods) this.byPriority.set(pod.priority, (pods = new Set()));
    if (pods.has(pod)) return;
    pods.add(pod);
    this.size++;
  }

  delete(pod: QueuedPod): void {
    const pods = this.byPriority.get(pod.priority);
    if (!pods?.delete(pod)) return;
    this.size--;
    if (pods.size === 0) this.byPriority.delete(pod.priority);
  }

  take(): QueuedPod | undefined {
    if (this.size === 0) return undefined;
    const [first] = this.byPriority.get(Math.max(...this.byPriority.keys()))!;
    this.delete(first!);
    return first;
  }
}
