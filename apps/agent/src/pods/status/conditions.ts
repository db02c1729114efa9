import type { Pod, PodCondition } from '@gantry/api';
import type { ObservedPod } from '../observed';
import { isInitialized } from '../plan/plan-containers';
import { newest } from '../observed';
import { isReady, unreadyContainers } from './container-status';
import { timestamp } from './timestamp';

type Finding = Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>;

/** The conditions that the node answers for; those of others (readiness gates, the scheduler's reasons) are not among them. */
export function podConditions(pod: Pod, observed: ObservedPod, phase: string, now: number): PodCondition[] {
  const containersReady = findContainersReady(pod, observed, phase);
  const findings: Finding[] = [
    findReadyToStart(observed, phase),
    findInitialized(pod, observed, phase),
    findReady(pod, containersReady),
    containersReady,
    { type: 'PodScheduled', status: 'True' },
  ];
  return findings.map((finding) => dated(finding, pod, now));
}

/** The time of a condition is that of its last change. */
function dated(finding: Finding, pod: Pod, now: number): PodCondition {
  const before = pod.status?.conditions?.find((condition) => condition.type === finding.type);
  const lastTransitionTime = before?.status === finding.status ? before.lastTransitionTime : undefined;
  return { ...finding, lastTransitionTime: lastTransitionTime ?? timestamp(now) };
}

function findReadyToStart(observed: ObservedPod, phase: string): Finding {
  const up = observed.sandbox !== undefined && observed.addresses !== undefined && !isTerminal(phase);
  return { type: 'PodReadyToStartContainers', status: up ? 'True' : 'False' };
}

function findInitialized(pod: Pod, observed: ObservedPod, phase: string): Finding {
  if (phase === 'Succeeded') return { type: 'Initialized', status: 'True', reason: 'PodCompleted' };
  const inits = pod.spec.initContainers ?? [];
  if (inits.length === 0 || isInitialized(pod, observed)) return { type: 'Initialized', status: 'True' };
  const incomplete = inits.filter((c) => !isReady(pod, c, newest(observed, c.name))).map((c) => c.name);
  return {
    type: 'Initialized',
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${incomplete.join(' ')}]`,
  };
}

function findContainersReady(pod: Pod, observed: ObservedPod, phase: string): Finding {
  const type = 'ContainersReady';
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  const sidecars = (pod.spec.initContainers ?? []).filter((c) => c.restartPolicy === 'Always');
  const unready = unreadyContainers(pod, [...sidecars, ...pod.spec.containers], observed);
  if (unready.length === 0) return { type, status: 'True' };
  const message = `containers with unready status: [${unready.join(' ')}]`;
  return { type, status: 'False', reason: 'ContainersNotReady', message };
}

function findReady(pod: Pod, containersReady: Finding): Finding {
  if (containersReady.status !== 'True') return { ...containersReady, type: 'Ready' };
  const complaints = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = pod.status?.conditions?.find((condition) => condition.type === conditionType);
    if (!gate) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    if (gate.status === 'True') return [];
    return [`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`];
  });
  if (complaints.length === 0) return { type: 'Ready', status: 'True' };
  return { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: complaints.join(', ') };
}

export const isTerminal = (phase: string | undefined): boolean => phase === 'Succeeded' || phase === 'Failed';
