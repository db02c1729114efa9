import type { Metrics } from '@gantry/observability';
import type { SchedulingQueue } from './queue';

type Result = 'scheduled' | 'unschedulable' | 'error';

/** The scheduler's figures under kube-scheduler's names. */
export class SchedulerMetrics {
  private readonly duration;
  private readonly attempts;
  private readonly pending;

  constructor(metrics: Metrics) {
    this.duration = metrics.histogram({
      name: 'scheduler_scheduling_attempt_duration_seconds',
      help: 'Time to decide where a pod goes, binding included for those that are bound.',
      labelNames: ['result', 'profile'],
      buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    });
    this.attempts = metrics.counter({
      name: 'scheduler_schedule_attempts_total',
      help: 'Tries to place a pod, by result.',
      labelNames: ['result', 'profile'],
    });
    this.pending = metrics.gauge({
      name: 'scheduler_pending_pods',
      help: 'Pods waiting for a node, by queue.',
      labelNames: ['queue'],
    });
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
