import type { Container, Pod } from '@gantry/api';
import { allInstances, type ObservedContainer, type ObservedPod } from '../observed';
import { planContainers, stopStep, type WantedInstance } from './plan-containers';
import { isSidecar } from './restart';
import type { Step } from './step';

export interface DesiredPod {
  pod: Pod;
  /** Set once the pod must stop: deleted, failed or past its deadline. It never becomes unset again. */
  ending?: Ending;
}

export interface Ending {
  /** `records`: ended containers and their logs stay readable until the pod is deleted. */
  keep: 'records' | 'nothing';
  graceSeconds: number;
}

export interface PodPlan {
  /** Steps that may be taken now, each independent of the others. Empty when all is as it should be. */
  steps: Step[];
  /** When to plan again even if nothing is seen to change (milliseconds since the epoch). */
  wakeAt?: number;
}

/**
 * What to do next to bring a pod from what is seen to what is wanted. Pure, and forgetful: the same question gets the
 * same answer whoever asks, so an agent that died halfway goes on where the world stands.
 *
 * ```
 *  createSandbox ─► attachNetwork ──────────────┐
 *  mountVolumes ──┬─► createContainer ─► startContainer ─► runPostStart
 *  pullImage ─────┘        ▲                    │
 *                          └── back-off ◄── (exited) ◄── stopContainer
 *
 *  stopContainer ─► removeContainer ─► detachNetwork ─► removeSandbox ─┐
 *                         └──────────► unmountVolumes ────────────────┴─► releasePod
 * ```
 */
export function planPod(desired: DesiredPod, observed: ObservedPod, now: number): PodPlan {
  const { pod, ending } = desired;
  if (ending) return { steps: planEnding(pod, observed, ending) };
  const containers = planContainers(pod, observed, now);
  if (containers.outcome) return { steps: planEnding(pod, observed, finished(pod)) };
  const steps = [...containers.steps, ...planGround(observed)];
  for (const wanted of containers.wanted) steps.push(...planInstance(wanted, observed));
  return { steps, wakeAt: containers.wakeAt };
}

/** The sandbox, its network and the volumes: what all containers stand on. */
function planGround(observed: ObservedPod): Step[] {
  const steps: Step[] = [];
  if (!observed.sandbox) steps.push({ type: 'createSandbox', attempt: nextSandboxAttempt(observed) });
  else if (!observed.addresses) steps.push({ type: 'attachNetwork', sandboxId: observed.sandbox.id });
  if (observed.volumes !== 'mounted') steps.push({ type: 'mountVolumes' });
  return steps;
}

function planInstance(wanted: WantedInstance, observed: ObservedPod): Step[] {
  const { container, restartCount, backoffLevel, created } = wanted;
  if (created) {
    // Made before the address was known, which saves the time of one after the other; started only with it.
    return observed.addresses ? [{ type: 'startContainer', container: container.name, id: created.id }] : [];
  }
  if (observed.images.get(container.name)?.restartCount !== restartCount) {
    return [{ type: 'pullImage', container: container.name, restartCount }];
  }
  if (!observed.sandbox || observed.volumes !== 'mounted') return [];
  if (!observed.addresses && knowsPodAddress(container)) return [];
  const sandboxId = observed.sandbox.id;
  return [{ type: 'createContainer', container: container.name, restartCount, backoffLevel, sandboxId }];
}

function planEnding(pod: Pod, observed: ObservedPod, ending: Ending): Step[] {
  const running = [...allInstances(observed)].filter((instance) => instance.phase === 'running');
  if (running.length > 0) return planStops(pod, running, ending);
  const instances = [...allInstances(observed)];
  const unwanted = ending.keep === 'nothing' ? instances : instances.filter((i) => i.phase === 'created');
  const steps: Step[] = unwanted.map(({ id, name }) => ({ type: 'removeContainer', container: name, id }));
  if (observed.sandbox && !observed.sandbox.detached) {
    steps.push({ type: 'detachNetwork', sandboxId: observed.sandbox.id });
  }
  if (steps.length > 0) return steps;
  if (observed.volumes !== 'absent') steps.push({ type: 'unmountVolumes' });
  if (ending.keep === 'records') return steps;
  if (observed.sandbox) steps.push({ type: 'removeSandbox', sandboxId: observed.sandbox.id });
  return steps.length > 0 ? steps : [{ type: 'releasePod' }];
}

/** Containers end together; sidecars after them, in the reverse of their starting order. */
function planStops(pod: Pod, running: ObservedContainer[], ending: Ending): Step[] {
  const why = ending.keep === 'nothing' ? 'podEnding' : 'podFinished';
  const main = running.filter((instance) => !isSidecar(pod, instance.name));
  if (main.length > 0) return main.map((instance) => stopStep(pod, instance, why, ending.graceSeconds));
  const order = pod.spec.initContainers!.map((container) => container.name);
  const last = running.reduce((a, b) => (order.indexOf(a.name) > order.indexOf(b.name) ? a : b));
  return [stopStep(pod, last, why, ending.graceSeconds)];
}

function finished(pod: Pod): Ending {
  return { keep: 'records', graceSeconds: pod.spec.terminationGracePeriodSeconds ?? 30 };
}

/** Environment variables that hold the pod's address must know it when the container is made. */
function knowsPodAddress(container: Container): boolean {
  return container.env?.some((variable) => variable.valueFrom?.fieldRef?.fieldPath.startsWith('status.podIP')) ?? false;
}

function nextSandboxAttempt(observed: ObservedPod): number {
  let attempts = 0;
  for (const instance of allInstances(observed)) attempts = Math.max(attempts, instance.sandboxAttempt + 1);
  return attempts;
}
