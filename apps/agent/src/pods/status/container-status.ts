import type { Container, ContainerState, ContainerStateTerminated, ContainerStatus, Pod } from '@gantry/api';
import { podFullName } from '../identity';
import { newest, type ObservedContainer, type ObservedPod } from '../observed';
import { hasStarted } from '../plan/plan-containers';
import { isSidecar, restartAt, restartDelay, shouldRestart, succeeded } from '../plan/restart';
import { timestamp } from './timestamp';

/** Why a container is not made or not started, in kubelet's words: `ErrImagePull` and the registry's answer, say. */
export interface Problem {
  reason: string;
  message: string;
}

export interface ContainerStatusInput {
  pod: Pod;
  observed: ObservedPod;
  /** By container name. */
  problems: ReadonlyMap<string, Problem>;
  /** The pod will not start anything any more. */
  ending: boolean;
  now: number;
}

/** The status of one container as `kubectl describe pod` shows it. */
export function containerStatus(container: Container, input: ContainerStatusInput): ContainerStatus {
  const instances = input.observed.containers.get(container.name) ?? [];
  const instance = instances.at(-1);
  const state = containerState(container, instance, input);
  // A container that waits for its restart shows how it ended as its last state.
  const last = instance?.phase === 'exited' && !state.terminated ? instance : instances.at(-2);
  return {
    name: container.name,
    state,
    lastState: last?.phase === 'exited' ? { terminated: terminated(last) } : {},
    ready: isReady(input.pod, container, instance),
    started: instance !== undefined && hasStarted(instance),
    restartCount: instance?.restartCount ?? 0,
    image: container.image!,
    imageID: instance?.imageId ?? '',
    ...(instance ? { containerID: `gantry://${instance.id}` } : {}),
  };
}

export function isReady(pod: Pod, container: Container, instance: ObservedContainer | undefined): boolean {
  if (!instance) return false;
  const runsToItsEnd = pod.spec.initContainers?.includes(container) && !isSidecar(pod, container.name);
  if (runsToItsEnd) return instance.phase === 'exited' && succeeded(instance);
  return hasStarted(instance) && instance.probes.ready;
}

/** Names of containers in `containers` that are not ready. */
export function unreadyContainers(pod: Pod, containers: Container[], observed: ObservedPod): string[] {
  return containers.filter((c) => !isReady(pod, c, newest(observed, c.name))).map((c) => c.name);
}

function containerState(
  container: Container,
  instance: ObservedContainer | undefined,
  input: ContainerStatusInput,
): ContainerState {
  const problem = input.problems.get(container.name);
  if (instance?.phase === 'running') return { running: { startedAt: timestamp(instance.startedAt!) } };
  if (instance?.phase === 'exited') {
    const waiting = input.ending ? undefined : awaitingRestart(container, instance, problem, input);
    return waiting ? { waiting } : { terminated: terminated(instance) };
  }
  if (problem) return { waiting: { ...problem } };
  return { waiting: { reason: input.pod.spec.initContainers?.length ? 'PodInitializing' : 'ContainerCreating' } };
}

function awaitingRestart(
  container: Container,
  ended: ObservedContainer,
  problem: Problem | undefined,
  { pod, now }: ContainerStatusInput,
): Problem | undefined {
  if (!shouldRestart(pod, container, ended)) return undefined;
  if (problem) return { ...problem };
  if (restartAt(ended) <= now) return undefined;
  return {
    reason: 'CrashLoopBackOff',
    message: `back-off ${goDuration(restartDelay(ended))} restarting failed container=${container.name} pod=${podFullName(pod)}`,
  };
}

function terminated(instance: ObservedContainer): ContainerStateTerminated {
  const exitCode = instance.error !== undefined ? 128 : (instance.exitCode ?? 137);
  const message = instance.error ?? instance.message;
  return {
    exitCode,
    reason: terminationReason(instance),
    ...(message ? { message } : {}),
    ...(instance.startedAt !== undefined ? { startedAt: timestamp(instance.startedAt) } : {}),
    ...(instance.finishedAt !== undefined ? { finishedAt: timestamp(instance.finishedAt) } : {}),
    containerID: `gantry://${instance.id}`,
  };
}

function terminationReason(instance: ObservedContainer): string {
  if (instance.error !== undefined) return 'StartError';
  if (instance.exitCode === undefined) return 'ContainerStatusUnknown';
  if (instance.oomKilled) return 'OOMKilled';
  return instance.exitCode === 0 ? 'Completed' : 'Error';
}

/** Whole seconds as Go prints a duration, which is what people search for: `40s`, `2m40s`. */
function goDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
