import { isDeepStrictEqual } from 'node:util';
import { isStatus, type Pod, type PodStatus } from '@gantry/api';
import { backoffDelay, type BackoffPolicy, type Clock, type Closeable } from '@gantry/base';
import type { Transport } from '@gantry/client';
import type { Logger } from '@gantry/observability';

interface Report {
  pod: Pod;
  wanted: PodStatus;
  /** What the API has accepted. */
  sent?: PodStatus;
  /** resourceVersion of the pod after the last write. */
  version?: string;
  failures: number;
  sending?: Promise<void>;
  timer?: Closeable;
  closed: boolean;
}

const PODS = { group: '', version: 'v1', resource: 'pods', subresource: 'status' };
/** What nobody waits for (a sandbox is up, a volume is there) is gathered for so long. */
const GATHER_MS = 150;
const RETRY: BackoffPolicy = { initial: 200, max: 10_000, jitter: 0.5 };

/**
 * Brings the status of each pod to the API, level-triggered: at any time only the newest counts, one write per pod is
 * under way, and what failed is tried again with what is newest then. So an older status never replaces a newer one.
 */
export class StatusReporter implements Closeable {
  private readonly reports = new Map<string, Report>();

  constructor(
    private readonly transport: Transport,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** States what the pod's status is now; cheap when nothing changed. */
  report(pod: Pod, status: PodStatus): void {
    const uid = pod.metadata.uid;
    let report = this.reports.get(uid);
    if (!report) this.reports.set(uid, (report = { pod, wanted: status, failures: 0, closed: false }));
    report.pod = pod;
    report.wanted = status;
    if (overwritten(report)) report.sent = undefined;
    if (report.sending || isDeepStrictEqual(status, report.sent)) return;
    if (isUrgent(status, report.sent)) this.flushNow(report);
    else
      report.timer ??= this.clock.after(GATHER_MS, () => {
        this.flushNow(report);
      });
  }

  /** What was last stated for a pod, whether or not the API knows it yet. */
  latest(podUid: string): PodStatus | undefined {
    return this.reports.get(podUid)?.wanted;
  }

  /** Resolves once the API knows the newest status, or the pod is gone from it. */
  async settle(podUid: string): Promise<void> {
    for (;;) {
      const report = this.reports.get(podUid);
      if (!report || report.closed || isDeepStrictEqual(report.wanted, report.sent)) return;
      this.flushNow(report);
      await report.sending;
    }
  }

  forget(podUid: string): void {
    const report = this.reports.get(podUid);
    if (!report) return;
    report.closed = true;
    void report.timer?.close();
    this.reports.delete(podUid);
  }

  close(): void {
    for (const uid of [...this.reports.keys()]) this.forget(uid);
  }

  private flushNow(report: Report): void {
    void report.timer?.close();
    report.timer = undefined;
    report.sending ??= this.send(report).finally(() => {
      report.sending = undefined;
      if (!report.closed) this.followUp(report);
    });
  }

  private followUp(report: Report): void {
    if (report.failures > 0) {
      report.timer ??= this.clock.after(backoffDelay(RETRY, report.failures), () => {
        this.flushNow(report);
      });
    } else if (!isDeepStrictEqual(report.wanted, report.sent)) this.flushNow(report);
  }

  private async send(report: Report): Promise<void> {
    const { wanted } = report;
    const { name, namespace, uid } = report.pod.metadata;
    // The uid makes it fail for a pod of the same name that came later.
    const body = { metadata: { uid }, status: patchOf(wanted, report.pod) };
    try {
      const answer = await this.transport.request({
        ...PODS,
        verb: 'patch',
        namespace,
        name,
        patchType: 'strategic',
        body,
      });
      report.sent = wanted;
      report.version = (answer as Pod).metadata.resourceVersion;
      report.failures = 0;
    } catch (error) {
      this.onFailure(report, error);
    }
  }

  private onFailure(report: Report, error: unknown): void {
    if (isStatus(error, 'NotFound', 'Conflict')) {
      // The pod is gone; the watch will say so, and nobody else needs its status.
      report.sent = report.wanted;
      report.failures = 0;
      return;
    }
    report.failures++;
    const { name: pod, namespace } = report.pod.metadata;
    this.log.warn({ err: error, pod, namespace }, 'could not report the status of a pod');
  }
}

/** What people and controllers wait for: phases, readiness, and why a container does not run. */
function isUrgent(status: PodStatus, sent: PodStatus | undefined): boolean {
  if (status.phase !== 'Pending') return true;
  return (
    status.containerStatuses?.some((now, i) => {
      const reason = now.state?.waiting?.reason;
      const before = sent?.containerStatuses?.[i]?.state;
      const usual = reason === 'ContainerCreating' || reason === 'PodInitializing';
      return !usual && !isDeepStrictEqual(now.state, before);
    }) ?? false
  );
}

/** Whether somebody else has since made the pod other than we reported (a controller marked it unready, say). */
function overwritten({ pod, sent, version }: Report): boolean {
  if (!sent || !version || Number(pod.metadata.resourceVersion) <= Number(version)) return false;
  const ready = (status: PodStatus | undefined) => status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  return pod.status?.phase !== sent.phase || ready(pod.status) !== ready(sent);
}

/** Fields that are gone must be named to go; addresses are a merged list, so they are replaced as a whole. */
function patchOf(status: PodStatus, pod: Pod): Record<string, unknown> {
  const patch: Record<string, unknown> = { ...status };
  if (status.podIPs) patch.podIPs = [...status.podIPs, { $patch: 'replace' }];
  if (status.hostIPs) patch.hostIPs = [...status.hostIPs, { $patch: 'replace' }];
  for (const field of ['reason', 'message'] as const) {
    if (pod.status?.[field] !== undefined && status[field] === undefined) patch[field] = null;
  }
  patch.conditions = status.conditions?.map((condition) => ({ reason: null, message: null, ...condition }));
  return patch;
}
