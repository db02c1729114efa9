import type { Clock, Closeable } from '@gantry/base';
import { exponentialBuckets, type Histogram, type Metrics } from '@gantry/observability';
import type { Entry, ListOptions, ListResult, Operation, Store, StoreWatcher } from '@gantry/store';

/** A store whose calls are timed, under the name Kubernetes' dashboards know. */
export class MeteredStore implements Store {
  private readonly duration: Histogram<'operation'>;

  constructor(
    private readonly store: Store,
    metrics: Metrics,
    private readonly clock: Clock,
  ) {
    const buckets = exponentialBuckets(0.0005, 2, 14);
    const help = 'Time the store took to answer.';
    this.duration = metrics.histogram('etcd_request_duration_seconds', help, ['operation'], { buckets });
  }

  get(key: string): Promise<Entry | undefined> {
    return this.timed('get', this.store.get(key));
  }

  list(prefix: string, options?: ListOptions): Promise<ListResult> {
    return this.timed('list', this.store.list(prefix, options));
  }

  commit(operations: Operation[]): Promise<{ revision: number }> {
    return this.timed('commit', this.store.commit(operations));
  }

  revision(): Promise<number> {
    return this.timed('revision', this.store.revision());
  }

  compact(revision: number): Promise<void> {
    return this.timed('compact', this.store.compact(revision));
  }

  watch(prefix: string, fromRevision: number, watcher: StoreWatcher): Closeable {
    return this.store.watch(prefix, fromRevision, watcher);
  }

  close(): void | Promise<void> {
    return this.store.close();
  }

  private async timed<T>(operation: string, answer: Promise<T>): Promise<T> {
    const began = this.clock.monotonic();
    try {
      return await answer;
    } finally {
      this.duration.observe({ operation }, (this.clock.monotonic() - began) / 1000);
    }
  }
}
