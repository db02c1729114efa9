import type { Container as RuntimeContainer } from '@gantry/runtime';
import { label } from './identity';
import type { PodAddresses } from './pod-network';

/** What is known to exist of a pod on this node. Built from the runtime, the probes and the steps done so far. */
export interface ObservedPod {
  sandbox?: ObservedSandbox;
  /** Set once the sandbox is on the network. */
  addresses?: PodAddresses;
  /** `stale`: mounted, but a source (ConfigMap, labels, …) has changed since. */
  volumes: 'absent' | 'stale' | 'mounted';
  /** Images made ready, by container name: the image id, and for which restart it was checked. */
  images: ReadonlyMap<string, ReadyImage>;
  /** Instances by container name, oldest first. */
  containers: ReadonlyMap<string, readonly ObservedContainer[]>;
}

export interface ReadyImage {
  restartCount: number;
  id: string;
}

export interface ObservedSandbox {
  id: string;
  attempt: number;
  createdAt: number;
  /** Taken off the network in this process's life; otherwise it may be attached, by an earlier process too. */
  detached: boolean;
}

/** One instance of a container. Times are milliseconds since the epoch. */
export interface ObservedContainer {
  id: string;
  name: string;
  restartCount: number;
  backoffLevel: number;
  hash: string;
  sandboxId?: string;
  sandboxAttempt: number;
  phase: 'created' | 'running' | 'exited';
  imageId: string;
  createdAt: number;
  startedAt?: number;
  finishedAt?: number;
  /** Undefined if nobody could see it end. */
  exitCode?: number;
  oomKilled: boolean;
  /** Why it could not be started. */
  error?: string;
  /** What it left in its termination message file. */
  message?: string;
  /** `none`: it has no such hook, or an earlier process of the agent ran it. */
  postStart: 'none' | 'pending' | 'done' | 'failed';
  probes: ProbeVerdicts;
}

/** What the probes of a container say; true where there is no probe. */
export interface ProbeVerdicts {
  started: boolean;
  ready: boolean;
  alive: boolean;
}

export const noProbes: ProbeVerdicts = { started: true, ready: true, alive: true };

/** The facts the runtime itself holds about an instance. */
export function observeContainer(container: RuntimeContainer): ObservedContainer {
  return {
    id: container.id,
    name: container.labels[label.containerName]!,
    restartCount: Number(container.labels[label.restartCount] ?? 0),
    backoffLevel: Number(container.labels[label.backoffLevel] ?? 0),
    hash: container.labels[label.containerHash] ?? '',
    sandboxId: container.sandbox,
    sandboxAttempt: Number(container.labels[label.sandboxAttempt] ?? 0),
    phase: container.phase,
    imageId: container.image,
    createdAt: Date.parse(container.createdAt),
    startedAt: instant(container.startedAt),
    finishedAt: instant(container.finishedAt),
    exitCode: container.exitCode,
    oomKilled: container.oomKilled ?? false,
    error: container.error,
    postStart: 'none',
    probes: noProbes,
  };
}

/** The newest instance of a container, if it was ever made. */
export function newest(observed: ObservedPod, name: string): ObservedContainer | undefined {
  return observed.containers.get(name)?.at(-1);
}

export function* allInstances(observed: ObservedPod): Generator<ObservedContainer> {
  for (const instances of observed.containers.values()) yield* instances;
}

const instant = (time: string | undefined): number | undefined => (time === undefined ? undefined : Date.parse(time));
