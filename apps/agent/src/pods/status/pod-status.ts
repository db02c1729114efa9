import type { Container, ContainerStatus, Pod, PodStatus } from '@gantry/api';
import { allInstances, newest, type ObservedPod } from '../observed';
import { podOutcome } from '../plan/plan-containers';
import type { DesiredPod } from '../plan/plan-pod';
import { succeeded } from '../plan/restart';
import { qosClass } from '../spec/qos';
import { podConditions, isTerminal } from './conditions';
import { containerStatus, type ContainerStatusInput, type Problem } from './container-status';
import { timestamp } from './timestamp';

export interface PodStatusInput {
  desired: DesiredPod;
  observed: ObservedPod;
  problems: ReadonlyMap<string, Problem>;
  /** The node itself ended the pod: past its deadline, evicted. */
  verdict?: Problem;
  hostIp: string;
  /** When this node first saw the pod, in milliseconds since the epoch. */
  seenAt: number;
  now: number;
}

/**
 * The status this node reports for a pod. Pure; what others wrote into the status (conditions of readiness gates,
 * nominated node) is left out, so that a strategic merge keeps it.
 */
export function podStatus(input: PodStatusInput): PodStatus {
  const { desired, observed, now } = input;
  const { pod } = desired;
  const phase = podPhase(input);
  const ending = desired.ending !== undefined || isTerminal(phase);
  const each: ContainerStatusInput = { pod, observed, problems: input.problems, ending, now };
  const statuses = (containers: Container[] = []): ContainerStatus[] => containers.map((c) => containerStatus(c, each));
  return {
    phase,
    ...verdict(input),
    conditions: podConditions(pod, observed, phase, now),
    hostIP: input.hostIp,
    hostIPs: [{ ip: input.hostIp }],
    ...addresses(pod, observed),
    startTime: pod.status?.startTime ?? timestamp(input.seenAt),
    ...(pod.spec.initContainers?.length ? { initContainerStatuses: statuses(pod.spec.initContainers) } : {}),
    containerStatuses: statuses(pod.spec.containers),
    qosClass: pod.status?.qosClass ?? qosClass(pod),
  };
}

export function podPhase({
  desired,
  observed,
  verdict,
}: PodStatusInput): 'Pending' | 'Running' | 'Succeeded' | 'Failed' {
  const { pod, ending } = desired;
  const before = pod.status?.phase;
  if (before === 'Succeeded' || before === 'Failed') return before;
  const running = [...allInstances(observed)].some((instance) => instance.phase === 'running');
  if (verdict && !running) return 'Failed';
  const outcome = podOutcome(pod, observed);
  if (outcome && !running) return outcome;
  // A deleted pod never runs again, whatever its restart policy says.
  if (ending && !running) return allSucceeded(pod, observed) ? 'Succeeded' : 'Failed';
  const begun = pod.spec.containers.every((container) => {
    const instances = observed.containers.get(container.name) ?? [];
    return instances.some((instance) => instance.phase !== 'created');
  });
  return begun ? 'Running' : before === 'Running' ? 'Running' : 'Pending';
}

/** A verdict once given stays, whoever gave it: this node, an earlier process of its agent, or a controller. */
function verdict({ verdict: own, desired: { pod } }: PodStatusInput): Pick<PodStatus, 'reason' | 'message'> {
  if (own) return { reason: own.reason, message: own.message };
  const { phase, reason, message } = pod.status ?? {};
  return isTerminal(phase) && reason !== undefined ? { reason, message } : {};
}

function allSucceeded(pod: Pod, observed: ObservedPod): boolean {
  return pod.spec.containers.every((container) => {
    const instance = newest(observed, container.name);
    return instance?.phase === 'exited' && succeeded(instance);
  });
}

function addresses(pod: Pod, observed: ObservedPod): Pick<PodStatus, 'podIP' | 'podIPs'> {
  const { podIP, podIPs } = pod.status ?? {};
  if (!observed.addresses) return podIP === undefined ? {} : { podIP, podIPs };
  return { podIP: observed.addresses.ip, podIPs: observed.addresses.ips.map((ip) => ({ ip })) };
}
