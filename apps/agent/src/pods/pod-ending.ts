import type { Pod } from '@gantry/api';
import type { Clock } from '@gantry/base';
import type { Ending } from './plan/plan-pod';
import { isTerminal } from './status/conditions';
import type { Problem } from './status/container-status';

const DEFAULT_GRACE_SECONDS = 30;
const MIN_GRACE_SECONDS = 2;

/** Whether and how a pod has to end: deleted, gone from this node, ended before, or past its deadline. */
export class PodEnding {
  /** Why the node itself ended the pod. */
  verdict?: Problem;
  private gone = false;
  private since?: number;

  constructor(
    private readonly seenAt: number,
    private readonly clock: Clock,
  ) {}

  /** The API has the pod no more, or on another node. */
  markGone(): void {
    this.gone = true;
  }

  get isGone(): boolean {
    return this.gone;
  }

  of(pod: Pod): Ending | undefined {
    const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
    const grace = deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
    if (this.gone || deletionTimestamp) return { keep: 'nothing', graceSeconds: this.graceLeft(grace) };
    if (isTerminal(pod.status?.phase)) return { keep: 'records', graceSeconds: grace };
    if ((this.deadline(pod) ?? Infinity) <= this.clock.now()) {
      const message = 'Pod was active on the node longer than the specified deadline';
      this.verdict ??= { reason: 'DeadlineExceeded', message };
    }
    return this.verdict && { keep: 'records', graceSeconds: grace };
  }

  /** When activeDeadlineSeconds are over, in milliseconds since the epoch. */
  deadline(pod: Pod): number | undefined {
    const { activeDeadlineSeconds } = pod.spec;
    if (activeDeadlineSeconds === undefined || this.verdict) return undefined;
    const startTime = pod.status?.startTime;
    return (startTime ? Date.parse(startTime) : this.seenAt) + activeDeadlineSeconds * 1000;
  }

  /** The grace period is the whole pod's: what the main containers have used of it, sidecars no longer have. */
  private graceLeft(graceSeconds: number): number {
    const now = this.clock.now();
    this.since ??= now;
    const least = Math.min(MIN_GRACE_SECONDS, graceSeconds);
    return Math.max(least, graceSeconds - (now - this.since) / 1000);
  }
}
