import type { Closeable } from '@gantry/base';
import type { Descriptor, Digest } from '@gantry/oci';
import type { PullProgress } from '../runtime';

/** Tells everyone who waits for a layer how far it is, whoever's pull it is that fetches it. */
export class ProgressBoard {
  private readonly watchers = new Map<Digest, Set<(progress: PullProgress) => void>>();

  watch(layers: Descriptor[], onProgress?: (progress: PullProgress) => void): Closeable {
    if (!onProgress) return { close: () => undefined };
    // An own function: two pulls may bring the same callback.
    const watcher = (progress: PullProgress) => {
      onProgress(progress);
    };
    for (const { digest, size } of layers) {
      const watchers = this.watchers.get(digest) ?? new Set();
      this.watchers.set(digest, watchers.add(watcher));
      watcher({ layer: digest, state: 'waiting', received: 0, total: size });
    }
    return {
      close: () => {
        layers.forEach(({ digest }) => {
          this.leave(digest, watcher);
        });
      },
    };
  }

  report({ digest, size }: Descriptor, state: PullProgress['state'], received: number): void {
    this.watchers.get(digest)?.forEach((watcher) => {
      watcher({ layer: digest, state, received, total: size });
    });
  }

  private leave(digest: Digest, watcher: (progress: PullProgress) => void): void {
    const watchers = this.watchers.get(digest);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.watchers.delete(digest);
  }
}
