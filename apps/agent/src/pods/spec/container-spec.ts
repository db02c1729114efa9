import type { Container, Pod } from '@gantry/api';
import type { ContainerSpec, Image, Mount } from '@gantry/runtime';
import { containerHash, containerId, label, podLabels } from '../identity';
import type { ObservedSandbox } from '../observed';
import { expand } from './expansion';
import { qosClass } from './qos';
import { containerResources } from './resources';
import { containerSecurity, containerUser, supplementalGroups } from './security';

export interface ContainerSpecInput {
  pod: Pod;
  container: Container;
  sandbox: ObservedSandbox;
  restartCount: number;
  backoffLevel: number;
  image: Image;
  variables: ReadonlyMap<string, string>;
  mounts: Mount[];
  settings: ContainerSettings;
}

/** What the node decides for all its containers. */
export interface ContainerSettings {
  /** Bytes of memory that the node has: the scale of OOM scores. */
  nodeMemoryBytes: number;
  /** Where `seccompProfile.localhostProfile` is looked up. */
  seccompRoot: string;
  /** A container's log is rotated at this size, and so many files are kept. */
  log: { maxBytes: number; maxFiles: number };
}

/** What the runtime is asked for: a container of a pod, everything resolved. Throws ContainerConfigError. */
export function containerSpec(input: ContainerSpecInput): ContainerSpec {
  const { pod, container, sandbox, image, variables, settings } = input;
  const lookup = (name: string): string | undefined => variables.get(name);
  const words = (list: string[] | undefined): string[] | undefined => list?.map((word) => expand(word, lookup));
  const qos = qosClass(pod);
  return {
    id: containerId(pod.metadata.uid, container.name, input.restartCount),
    image: image.id,
    sandbox: sandbox.id,
    entrypoint: words(container.command),
    command: words(container.args),
    env: [...variables].map(([name, value]) => `${name}=${value}`),
    workingDir: container.workingDir,
    user: containerUser(pod, container, image.config),
    supplementalGroups: supplementalGroups(pod),
    mounts: input.mounts,
    resources: containerResources(container, qos, settings.nodeMemoryBytes),
    security: containerSecurity(pod, container, settings.seccompRoot),
    tty: container.tty,
    stdin: container.stdin,
    stdinOnce: container.stdinOnce,
    stopSignal: container.lifecycle?.stopSignal,
    labels: containerLabels(input),
    log: settings.log,
  };
}

/** Cgroup of the pod, below the node's: grouped by class so that the classes can be weighed against each other. */
export function podCgroup(pod: Pod): string {
  const qos = qosClass(pod).toLowerCase();
  return `pods/${qos === 'guaranteed' ? '' : `${qos}/`}pod${pod.metadata.uid}`;
}

function containerLabels({
  pod,
  container,
  sandbox,
  restartCount,
  backoffLevel,
}: ContainerSpecInput): Record<string, string> {
  return {
    ...podLabels(pod),
    [label.sandboxAttempt]: String(sandbox.attempt),
    [label.containerName]: container.name,
    [label.restartCount]: String(restartCount),
    [label.backoffLevel]: String(backoffLevel),
    [label.containerHash]: containerHash(container),
    [label.terminationMessagePolicy]: container.terminationMessagePolicy ?? 'File',
  };
}
