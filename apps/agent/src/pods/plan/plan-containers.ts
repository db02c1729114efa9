import type { Container, Pod } from '@gantry/api';
import { containerHash } from '../identity';
import { allInstances, newest, type ObservedContainer, type ObservedPod } from '../observed';
import { nextBackoffLevel, restartAt, shouldRestart, succeeded } from './restart';
import type { Step, StopCause } from './step';

/** What the containers of a running pod need next. */
export interface ContainersPlan {
  /** Instances that should exist and run, made in any order. */
  wanted: WantedInstance[];
  steps: Step[];
  /** When something will be due that nothing but time brings (milliseconds since the epoch). */
  wakeAt?: number;
  /** Every container has ended for good. */
  outcome?: 'Succeeded' | 'Failed';
}

export interface WantedInstance {
  container: Container;
  restartCount: number;
  backoffLevel: number;
  /** The instance, when it is made but not started. */
  created?: ObservedContainer;
}

/**
 * Init containers run one after another, each to its end; one with `restartPolicy: Always` (a sidecar) only has to
 * have started before the next one's turn, and runs for the pod's whole life. The others follow all at once.
 */
export function planContainers(pod: Pod, observed: ObservedPod, now: number): ContainersPlan {
  const plan: ContainersPlan = { wanted: [], steps: [], outcome: podOutcome(pod, observed) };
  if (plan.outcome) return plan;
  plan.steps.push(...strayInstances(observed));
  const initialized = mainContainersBegan(pod, observed);
  for (const container of pod.spec.initContainers ?? []) {
    const sidecar = container.restartPolicy === 'Always';
    if (initialized && !sidecar) continue;
    planContainer(pod, container, observed, now, plan);
    if (!initialized && !initStepDone(container, observed)) return plan;
  }
  for (const container of pod.spec.containers) planContainer(pod, container, observed, now, plan);
  return plan;
}

/** How the pod ended, once no container of it will run again. */
export function podOutcome(pod: Pod, observed: ObservedPod): 'Succeeded' | 'Failed' | undefined {
  if (pod.spec.initContainers?.some((init) => hasFailedForGood(pod, init, observed))) return 'Failed';
  const last = pod.spec.containers.map((container) => newest(observed, container.name));
  const ended = last.every(
    (instance, i) => instance?.phase === 'exited' && !shouldRestart(pod, pod.spec.containers[i]!, instance),
  );
  if (!ended) return undefined;
  return last.every((instance) => succeeded(instance!)) ? 'Succeeded' : 'Failed';
}

/** Whether the init phase of this sandbox is over. */
export function isInitialized(pod: Pod, observed: ObservedPod): boolean {
  if (mainContainersBegan(pod, observed)) return true;
  return (pod.spec.initContainers ?? []).every((container) => initStepDone(container, observed));
}

/** Whether a container has started in the sense that dependants may go on: running, hook done, startup probe passed. */
export function hasStarted(instance: ObservedContainer): boolean {
  const hooked = instance.postStart === 'none' || instance.postStart === 'done';
  return instance.phase === 'running' && hooked && instance.probes.started;
}

function hasFailedForGood(pod: Pod, init: Container, observed: ObservedPod): boolean {
  const instance = newest(observed, init.name);
  return instance?.phase === 'exited' && !succeeded(instance) && !shouldRestart(pod, init, instance);
}

function mainContainersBegan(pod: Pod, observed: ObservedPod): boolean {
  return pod.spec.containers.some((container) => {
    const instance = newest(observed, container.name);
    return instance !== undefined && inCurrentSandbox(instance, observed);
  });
}

function initStepDone(container: Container, observed: ObservedPod): boolean {
  const instance = newest(observed, container.name);
  if (!instance || !inCurrentSandbox(instance, observed)) return false;
  if (container.restartPolicy === 'Always') return hasStarted(instance);
  return instance.phase === 'exited' && succeeded(instance);
}

function planContainer(pod: Pod, container: Container, observed: ObservedPod, now: number, plan: ContainersPlan): void {
  const instance = newest(observed, container.name);
  if (!instance) {
    plan.wanted.push({ container, restartCount: 0, backoffLevel: 0 });
  } else if (instance.phase === 'running') {
    planRunning(pod, container, instance, plan);
  } else if (!inCurrentSandbox(instance, observed)) {
    // The sandbox went away under it (a reboot, say): no fault of the container, so no waiting.
    if (instance.phase === 'exited' && isMain(pod, container) && !shouldRestart(pod, container, instance)) return;
    plan.wanted.push({ container, restartCount: instance.restartCount + 1, backoffLevel: instance.backoffLevel });
  } else if (instance.phase === 'created') {
    const { restartCount, backoffLevel } = instance;
    plan.wanted.push({ container, restartCount, backoffLevel, created: instance });
  } else if (shouldRestart(pod, container, instance)) {
    planRestart(container, instance, now, plan);
  }
}

function planRestart(container: Container, ended: ObservedContainer, now: number, plan: ContainersPlan): void {
  const due = restartAt(ended);
  if (due > now) {
    plan.wakeAt = Math.min(plan.wakeAt ?? due, due);
    return;
  }
  const backoffLevel = nextBackoffLevel(ended);
  plan.wanted.push({ container, restartCount: ended.restartCount + 1, backoffLevel });
}

function planRunning(pod: Pod, container: Container, instance: ObservedContainer, plan: ContainersPlan): void {
  const why = stopCause(container, instance);
  if (why) {
    plan.steps.push(stopStep(pod, instance, why, probeGrace(container, why)));
  } else if (instance.postStart === 'pending') {
    plan.steps.push({ type: 'runPostStart', container: container.name, id: instance.id });
  }
}

function stopCause(container: Container, instance: ObservedContainer): StopCause | undefined {
  if (instance.hash !== containerHash(container)) return 'definitionChanged';
  if (instance.postStart === 'failed') return 'postStartFailed';
  if (!instance.probes.alive) return instance.probes.started ? 'livenessFailed' : 'startupFailed';
  return undefined;
}

function probeGrace(container: Container, why: StopCause): number | undefined {
  if (why === 'livenessFailed') return container.livenessProbe?.terminationGracePeriodSeconds;
  if (why === 'startupFailed') return container.startupProbe?.terminationGracePeriodSeconds;
  return undefined;
}

export function stopStep(pod: Pod, instance: ObservedContainer, why: StopCause, graceSeconds?: number): Step {
  const grace = graceSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
  return { type: 'stopContainer', container: instance.name, id: instance.id, graceSeconds: grace, why };
}

/** Instances that are neither the newest nor the one before it (kept for `logs --previous`), or outlived their sandbox. */
function strayInstances(observed: ObservedPod): Step[] {
  const steps: Step[] = [];
  for (const instances of observed.containers.values()) {
    for (const old of instances.slice(0, -2)) {
      if (old.phase !== 'running') steps.push({ type: 'removeContainer', container: old.name, id: old.id });
    }
  }
  for (const instance of allInstances(observed)) {
    if (instance.phase === 'running' && !inCurrentSandbox(instance, observed)) {
      const { name: container, id } = instance;
      steps.push({ type: 'stopContainer', container, id, graceSeconds: 0, why: 'sandboxChanged' });
    }
  }
  return steps;
}

const inCurrentSandbox = (instance: ObservedContainer, observed: ObservedPod): boolean =>
  instance.sandboxId === observed.sandbox?.id;

const isMain = (pod: Pod, container: Container): boolean => pod.spec.containers.includes(container);
