import type { KubeObject } from '@gantry/api';
import { systemClock, type Clock, type Closeable } from '@gantry/base';
import { keyText, type Informer, type ObjectKey } from '@gantry/client';

interface Expected {
  creations: number;
  /** Uids. */
  deletions: Set<string>;
  expiresAt: number;
}

/** A write that no event has shown for so long, in milliseconds, never will be seen: the cache is believed again. */
const EXPIRY = 300_000;

/**
 * What a reconciler has created and deleted but its cache does not show yet. Until it does, the number of children the
 * reconciler sees is wrong, and acting on it would create or delete twice.
 *
 * Raise before the call, lower when the call failed; events lower the rest:
 * ```ts
 * expectations.observe(pods, (pod) => controllerKey(pod, ReplicaSet));
 * if (!expectations.satisfied(key)) return; // an event will bring the key back
 * expectations.expectCreations(key, 3);
 * ```
 */
export class Expectations {
  private readonly expected = new Map<string, Expected>();

  constructor(
    private readonly clock: Clock = systemClock,
    private readonly expiry = EXPIRY,
  ) {}

  /** Lowers expectations by what the informer shows; `ownerOf` gives the key whose reconciler wrote the object. */
  observe<T extends KubeObject>(informer: Informer<T>, ownerOf: (object: T) => ObjectKey | undefined): Closeable {
    return informer.onChange(({ old, new: current }) => {
      const object = current ?? old!;
      const owner = ownerOf(object);
      if (!owner) return;
      if (!old) this.creationSeen(owner);
      // An object that is being deleted counts as gone: its last breath may take its grace period.
      if (!current || object.metadata.deletionTimestamp !== undefined) this.deletionSeen(owner, object.metadata.uid);
    });
  }

  /** All that was expected has been seen, or waited for long enough. */
  satisfied(key: ObjectKey): boolean {
    const text = keyText(key);
    const expected = this.expected.get(text);
    if (!expected) return true;
    const fulfilled = expected.creations <= 0 && expected.deletions.size === 0;
    if (!fulfilled && this.clock.monotonic() < expected.expiresAt) return false;
    this.expected.delete(text);
    return true;
  }

  expectCreations(key: ObjectKey, count: number): void {
    this.of(key).creations += count;
  }

  expectDeletions(key: ObjectKey, uids: Iterable<string>): void {
    const { deletions } = this.of(key);
    for (const uid of uids) deletions.add(uid);
  }

  /** An object was created: seen, or its creation failed. */
  creationSeen(key: ObjectKey): void {
    const expected = this.expected.get(keyText(key));
    if (expected) expected.creations--;
  }

  /** An object is gone: seen, or its deletion failed. */
  deletionSeen(key: ObjectKey, uid: string): void {
    this.expected.get(keyText(key))?.deletions.delete(uid);
  }

  /** The object itself is gone. */
  forget(key: ObjectKey): void {
    this.expected.delete(keyText(key));
  }

  private of(key: ObjectKey): Expected {
    const text = keyText(key);
    let expected = this.expected.get(text);
    if (!expected) this.expected.set(text, (expected = { creations: 0, deletions: new Set(), expiresAt: 0 }));
    expected.expiresAt = this.clock.monotonic() + this.expiry;
    return expected;
  }
}
