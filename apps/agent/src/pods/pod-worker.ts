import type { Pod, PodStatus } from '@gantry/api';
import type { Closeable } from '@gantry/base';
import type { Container as RuntimeContainer, RuntimeEvent, Sandbox } from '@gantry/runtime';
import { label, podFullName } from './identity';
import { allInstances, type ObservedPod } from './observed';
import { planPod, type DesiredPod, type Ending } from './plan/plan-pod';
import { stepKey, type Step } from './plan/step';
import { PodEnding } from './pod-ending';
import { PodRecord } from './pod-record';
import type { PodServices } from './pod-services';
import { PodProbers } from './probes/pod-probers';
import { FRESH_FAILURE_MS, problems } from './problems';
import { isTerminal } from './status/conditions';
import { podStatus } from './status/pod-status';
import { stepExecutors, type StepExecutors } from './step-executors';
import { StepRunner, type StepFailure } from './step-runner';
import { endOfLog, fallsBackToLog, writtenMessage } from './termination-message';

/**
 * Looks after one pod of this node. Whatever happens (the API, the runtime, a probe, a step that ended, time) only
 * makes it look again: it observes, plans, begins what the plan says, and reports the status.
 */
export class PodWorker implements Closeable {
  readonly record: PodRecord;
  private readonly runner: StepRunner;
  private readonly probers: PodProbers;
  private readonly executors: StepExecutors;
  private readonly ending: PodEnding;
  private scheduled = false;
  private timer?: Closeable;
  private closed = false;
  private started = false;
  private readonly told = new Set<string>();

  constructor(
    private readonly services: PodServices,
    pod: Pod,
  ) {
    const { clock } = services;
    this.record = new PodRecord(pod, clock.now());
    this.ending = new PodEnding(this.record.seenAt, clock);
    this.probers = new PodProbers(services, () => {
      this.look();
    });
    this.executors = stepExecutors(services);
    this.runner = new StepRunner(
      clock,
      (step, signal) => this.execute(step, signal),
      (step, seconds, failure) => {
        services.onStep(step.type, seconds, failure === undefined);
        this.onStepDone(step, failure);
      },
    );
  }

  /** Takes over what an earlier process of the agent left running. */
  adopt(sandboxes: Sandbox[], containers: RuntimeContainer[], hasFiles: boolean): void {
    for (const sandbox of sandboxes) this.record.adoptSandbox(sandbox);
    for (const container of containers) this.record.setInstance(container);
    if (hasFiles) this.record.volumes = 'stale';
    this.started = containers.length > 0;
  }

  /** The API has the pod in a newer state. */
  update(pod: Pod): void {
    const labelsMayShow = pod.spec.volumes?.some(({ downwardAPI, projected }) => downwardAPI ?? projected);
    this.record.pod = pod;
    if (labelsMayShow && this.record.volumes === 'mounted') this.record.volumes = 'stale';
    this.look();
  }

  /** The API has the pod no more, or on another node: it ends here. */
  remove(): void {
    this.ending.markGone();
    this.services.reporter.forget(this.record.uid);
    this.look();
  }

  /** A Secret or ConfigMap that the pod names has changed. */
  referencesChanged(): void {
    if (this.record.volumes === 'mounted') this.record.volumes = 'stale';
    this.runner.retryNow('mountVolumes', 'createContainer');
    this.look();
  }

  onRuntimeEvent({ type, container }: RuntimeEvent): void {
    if (type === 'removed') this.record.removeInstance(container.id);
    else this.record.setInstance(container);
    this.look();
  }

  /** Looks at the pod soon; many calls are one look. */
  look(): void {
    if (this.scheduled || this.closed) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      if (!this.closed) this.pass();
    });
  }

  get observed(): ObservedPod {
    return this.record.observe(
      (container, instance) => this.probers.verdicts(this.record.pod, container, instance, this.record.addresses?.ip),
      (id) => this.services.imageName(id),
    );
  }

  close(): void {
    this.closed = true;
    void this.timer?.close();
    this.probers.close();
    this.runner.abortPulls();
  }

  private pass(): void {
    const now = this.services.clock.now();
    this.readMessages();
    const observed = this.observed;
    const desired = this.desired();
    this.keepProbing(observed, desired);
    const plan = planPod(desired, observed, now);
    if (desired.ending) this.runner.abortPulls();
    for (const step of plan.steps) {
      if (step.type === 'stopContainer') this.services.stopper.hasten(step.id, step.graceSeconds);
      this.runner.begin(step);
    }
    this.report(desired, observed, now);
    this.wakeAt(this.nextMoment(plan.wakeAt, now));
  }

  /** The pod with the status that was last stated, which the API may not have echoed yet. */
  private desired(): DesiredPod {
    const { pod, uid } = this.record;
    const latest = this.services.reporter.latest(uid);
    const status = latest
      ? { ...pod.status, ...latest, conditions: mergeConditions(pod, latest.conditions) }
      : pod.status;
    const current = { ...pod, status };
    return { pod: current, ending: this.endingOf(current) };
  }

  private endingOf(pod: Pod): Ending | undefined {
    const before = this.ending.verdict;
    const ending = this.ending.of(pod);
    const { verdict } = this.ending;
    if (verdict && !before) this.services.events.normal(pod, undefined, verdict.reason, verdict.message);
    return ending;
  }

  private report(desired: DesiredPod, observed: ObservedPod, now: number): void {
    // Of a pod that ended before this process, the API knows more than is left here.
    const forgotten = isTerminal(this.record.pod.status?.phase) && observed.containers.size === 0;
    if (this.ending.isGone || forgotten) return;
    const { services, record } = this;
    const imageOf = (name: string): string => record.container(name)?.image ?? '';
    const status = podStatus({
      desired,
      observed,
      problems: problems(this.runner.failures(), imageOf, now),
      verdict: this.ending.verdict,
      hostIp: services.node().ip,
      seenAt: record.seenAt,
      now,
    });
    if (status.phase === 'Running' && !this.started) {
      this.started = true;
      services.onStarted(record.pod, (now - record.seenAt) / 1000);
    }
    this.tellOfBackOffs(status);
    services.reporter.report(record.pod, status);
  }

  /** Once for each instance that waits. */
  private tellOfBackOffs({ initContainerStatuses = [], containerStatuses = [] }: PodStatus): void {
    const { pod } = this.record;
    for (const { name, restartCount, state } of [...initContainerStatuses, ...containerStatuses]) {
      const reason = state?.waiting?.reason;
      const told = `${name} ${restartCount} ${reason}`;
      if ((reason !== 'CrashLoopBackOff' && reason !== 'ImagePullBackOff') || this.told.has(told)) continue;
      this.told.add(told);
      const container = this.record.container(name);
      const message =
        reason === 'CrashLoopBackOff'
          ? `Back-off restarting failed container ${name} in pod ${podFullName(pod)}`
          : `Back-off pulling image "${container?.image}"`;
      this.services.events.warning(pod, container, 'BackOff', message);
    }
  }

  /** Only what runs and shall go on running is probed. */
  private keepProbing(observed: ObservedPod, desired: DesiredPod): void {
    const running = [...allInstances(observed)].filter(({ phase }) => phase === 'running');
    this.probers.retain(new Set(desired.ending ? [] : running.map(({ id }) => id)));
  }

  private readMessages(): void {
    const { record, services } = this;
    for (const container of record.endedUnheard()) {
      const path = services.paths.terminationMessage(
        record.uid,
        container.labels[label.containerName]!,
        Number(container.labels[label.restartCount]),
      );
      const message = writtenMessage(path);
      record.setMessage(container.id, message);
      if (message === '' && fallsBackToLog(container)) void this.readLog(container.id);
    }
  }

  private async readLog(id: string): Promise<void> {
    try {
      this.record.setMessage(id, await endOfLog(id, this.services.runtime.containers));
      this.look();
    } catch (error) {
      this.services.log.warn({ err: error, id }, 'could not read the log of an ended container');
    }
  }

  private execute(step: Step, signal: AbortSignal): Promise<void> {
    const executor = this.executors[step.type] as (s: Step, r: PodRecord, signal: AbortSignal) => Promise<void>;
    return executor(step, this.record, signal);
  }

  private onStepDone(step: Step, failure: StepFailure | undefined): void {
    if (failure) {
      const { name: pod, namespace } = this.record.pod.metadata;
      this.services.log.warn({ err: failure.error, pod, namespace, step: stepKey(step) }, 'a step of a pod failed');
      this.tellOfGroundFailure(step, failure.message);
    }
    this.look();
  }

  private tellOfGroundFailure(step: Step, message: string): void {
    if (step.type !== 'createSandbox' && step.type !== 'attachNetwork') return;
    const text = `Failed to create pod sandbox: ${message}`;
    this.services.events.warning(this.record.pod, undefined, 'FailedCreatePodSandBox', text);
  }

  private nextMoment(planned: number | undefined, now: number): number | undefined {
    const moments = [planned, this.ending.deadline(this.record.pod)];
    for (const { step, failedAt, retryAt } of this.runner.failures()) {
      moments.push(retryAt);
      if (step.type === 'pullImage') moments.push(failedAt + FRESH_FAILURE_MS);
    }
    const future = moments.filter((moment) => moment !== undefined && moment > now) as number[];
    return future.length > 0 ? Math.min(...future) : undefined;
  }

  private wakeAt(moment: number | undefined): void {
    void this.timer?.close();
    if (moment === undefined) return;
    // Longer than a timer can be set means looking once in between.
    const wait = Math.min(moment - this.services.clock.now(), 3_600_000);
    this.timer = this.services.clock.after(Math.max(0, wait), () => {
      this.look();
    });
  }
}

type Conditions = NonNullable<NonNullable<Pod['status']>['conditions']>;

/** Ours over those of the API; others' stay. */
function mergeConditions(pod: Pod, own: Conditions = []): Conditions {
  const types = new Set(own.map(({ type }) => type));
  return [...own, ...(pod.status?.conditions ?? []).filter(({ type }) => !types.has(type))];
}
