import { exponentialBuckets, type Metrics } from '@gantry/observability';

export type Outcome = 'success' | 'requeue_after' | 'error';

/** What the reconcilers of a process do, under controller-runtime's names. */
export class ReconcileMetrics {
  private readonly total;
  private readonly errors;
  private readonly seconds;
  private readonly active;

  constructor(metrics: Metrics) {
    this.total = metrics.counter('controller_runtime_reconcile_total', 'Reconcile calls.', ['controller', 'result']);
    this.errors = metrics.counter('controller_runtime_reconcile_errors_total', 'Reconcile calls that failed.', [
      'controller',
    ]);
    this.active = metrics.gauge('controller_runtime_active_workers', 'Reconcile calls under way.', ['controller']);
    this.seconds = metrics.histogram(
      'controller_runtime_reconcile_time_seconds',
      'Seconds a reconcile call took.',
      ['controller'],
      {
        buckets: exponentialBuckets(0.001, 3, 10),
      },
    );
  }

  begun(controller: string): void {
    this.active.inc({ controller });
  }

  /** `took` in milliseconds. */
  ended(controller: string, result: Outcome, took: number): void {
    this.active.dec({ controller });
    this.total.inc({ controller, result });
    if (result === 'error') this.errors.inc({ controller });
    this.seconds.observe({ controller }, took / 1000);
  }
}
