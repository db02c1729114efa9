import { exponentialBuckets, type Metrics } from '@gantry/observability';
import type { SchedulingQueue } from './queue';

type Result = 'scheduled' | 'unschedulable' | 'error';

/** The scheduler's figures under kube-scheduler's names. */
export class SchedulerMetrics {
  private readonly duration;
  private readonly attempts;
  private readonly pending;

  constructor(metrics: Metrics) {
    this.duration = metrics.histogram(
      'scheduler_scheduling_attempt_duration_seconds',
      'Time to decide where a pod goes, binding included for those that are bound.',
      ['result', 'profile'],
      { buckets: exponentialBuckets(0.0001, 3, 10) },
    );
    this.attempts = metrics.counter('scheduler_schedule_attempts_total', 'Tries to place a pod, by result.', [
      'result',
      'profile',
    ]);
    this.pending = metrics.gauge('scheduler_pending_pods', 'Pods waiting for a node, by queue.', ['queue']);
  }

  attempted(result: Result, milliseconds: number): void {
    const labels = { result, profile: 'default-scheduler' };
    this.duration.observe(labels, milliseconds / 1000);
    this.attempts.inc(labels);
  }

  watch(queue: SchedulingQueue): void {
    for (const [name, count] of Object.entries(queue.counts())) this.pending.set({ queue: name }, count);
  }
}
