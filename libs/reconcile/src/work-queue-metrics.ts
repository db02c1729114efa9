import { exponentialBuckets, Metrics } from '@gantry/observability';

const BUCKETS = { buckets: exponentialBuckets(0.0001, 4, 11) };

/** The metrics of all queues of a process, under the names Kubernetes gives them. */
export class WorkQueueMetrics {
  /** Kept nowhere. */
  static readonly none = new WorkQueueMetrics(new Metrics());

  private readonly depths;
  private readonly adds;
  private readonly retries;
  private readonly queueDuration;
  private readonly workDuration;

  constructor(metrics: Metrics) {
    this.depths = metrics.gauge('workqueue_depth', 'Keys waiting.', ['name']);
    this.adds = metrics.counter('workqueue_adds_total', 'Keys added.', ['name']);
    this.retries = metrics.counter('workqueue_retries_total', 'Keys added again after a failure.', ['name']);
    this.queueDuration = metrics.histogram(
      'workqueue_queue_duration_seconds',
      'Seconds a key waited until a worker took it.',
      ['name'],
      BUCKETS,
    );
    this.workDuration = metrics.histogram(
      'workqueue_work_duration_seconds',
      'Seconds a worker took for a key.',
      ['name'],
      BUCKETS,
    );
  }

  added(name: string): void {
    this.adds.inc({ name });
  }

  depth(name: string, depth: number): void {
    this.depths.set({ name }, depth);
  }

  retried(name: string): void {
    this.retries.inc({ name });
  }

  /** Durations in milliseconds. */
  taken(name: string, waited: number): void {
    this.queueDuration.observe({ name }, waited / 1000);
  }

  worked(name: string, took: number): void {
    this.workDuration.observe({ name }, took / 1000);
  }
}
