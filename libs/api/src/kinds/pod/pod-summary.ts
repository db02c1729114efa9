import type { ContainerStatus } from './container-status';
import type { Pod } from './pod';

/** A pod in the few words of `kubectl get pods`. */
export interface PodSummary {
  ready: number;
  total: number;
  /** The phase, or the most telling reason found in the containers. */
  status: string;
  restarts: number;
  /** Milliseconds since the epoch; absent when nothing was restarted. */
  lastRestart?: number;
}

/** What one group of containers contributes. */
interface Tally {
  ready: number;
  restarts: number;
  lastRestart?: number;
}

export function summarizePod(pod: Pod): PodSummary {
  const { spec } = pod;
  const sidecars = new Set(
    (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name),
  );
  const inits = summarizeInits(pod, sidecars);
  let summary: Tally & { reason?: string } = inits;
  if (inits.reason === undefined || hasCondition(pod, 'Initialized')) {
    summary = summarizeContainers(pod, tally(inits.sidecars), inits.reason);
  }
  return {
    ready: summary.ready,
    total: spec.containers.length + sidecars.size,
    status: lifeStatus(pod, summary.reason ?? baseReason(pod)),
    restarts: summary.restarts,
    ...(summary.restarts > 0 && { lastRestart: summary.lastRestart }),
  };
}

function baseReason({ status }: Pod): string {
  const gated = status.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated');
  return gated ? 'SchedulingGated' : status.reason || status.phase || 'Unknown';
}

/** Deletion outranks everything else while the pod is still there. */
function lifeStatus({ metadata, status }: Pod, reason: string): string {
  if (!metadata.deletionTimestamp) return reason;
  if (status.reason === 'NodeLost') return 'Unknown';
  return status.phase === 'Succeeded' || status.phase === 'Failed' ? reason : 'Terminating';
}

/** Goes through the init containers up to the first one that is not done; `reason` is set while there is such a one. */
function summarizeInits(
  { spec, status }: Pod,
  sidecarNames: Set<string>,
): Tally & { reason?: string; sidecars: ContainerStatus[] } {
  const seen: ContainerStatus[] = [];
  const sidecars: ContainerStatus[] = [];
  for (const [i, container] of (status.initContainerStatuses ?? []).entries()) {
    const isSidecar = sidecarNames.has(container.name);
    seen.push(container);
    if (isSidecar) sidecars.push(container);
    if (container.state?.terminated?.exitCode === 0 || (isSidecar && container.started)) continue;
    const reason = initReason(container) ?? `${i}/${spec.initContainers?.length ?? 0}`;
    return { ...tally(seen), ready: tally(sidecars).ready, reason: `Init:${reason}`, sidecars };
  }
  return { ...tally(seen), ready: tally(sidecars).ready, sidecars };
}

function initReason({ state }: ContainerStatus): string | undefined {
  if (state?.terminated) return endReason(state.terminated);
  const waiting = state?.waiting?.reason;
  return waiting === 'PodInitializing' ? undefined : waiting || undefined;
}

/** The first container that has a reason names the pod's; one that runs on makes a completed pod run. */
function summarizeContainers(pod: Pod, sidecars: Tally, initial: string | undefined): Tally & { reason?: string } {
  const containers = pod.status.containerStatuses ?? [];
  const told = containers.map(containerReason).find((reason) => reason !== undefined);
  let reason = told ?? initial;
  if (reason === 'Completed' && containers.some((container) => container.ready && container.state?.running)) {
    reason = hasCondition(pod, 'Ready') ? 'Running' : 'NotReady';
  }
  const { ready, restarts, lastRestart } = tally(containers);
  return {
    ready: ready + sidecars.ready,
    restarts: restarts + sidecars.restarts,
    lastRestart: latest(lastRestart, sidecars.lastRestart),
    reason,
  };
}

function containerReason({ state }: ContainerStatus): string | undefined {
  if (state?.waiting?.reason) return state.waiting.reason;
  return state?.terminated && endReason(state.terminated);
}

function endReason({ reason, signal, exitCode }: { reason?: string; signal?: number; exitCode: number }): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
}

function tally(containers: readonly ContainerStatus[]): Tally {
  const result: Tally = { ready: 0, restarts: 0 };
  for (const { ready, state, restartCount, lastState } of containers) {
    if (ready && state?.running) result.ready++;
    result.restarts += restartCount;
    const ended = lastState?.terminated?.finishedAt;
    if (ended) result.lastRestart = latest(result.lastRestart, Date.parse(ended));
  }
  return result;
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

function hasCondition({ status }: Pod, wanted: string): boolean {
  return status.conditions?.some(({ type, status: is }) => type === wanted && is === 'True') ?? false;
}
