import { createHash } from 'node:crypto';
import type { Container, Pod } from '@gantry/api';

/**
 * What ties a sandbox or container of the runtime to its pod. The names are those that Kubernetes' runtimes use,
 * so tools that read them (`docker ps --filter label=io.kubernetes.pod.name=…`) find what they expect.
 */
export const label = {
  podName: 'io.kubernetes.pod.name',
  podNamespace: 'io.kubernetes.pod.namespace',
  podUid: 'io.kubernetes.pod.uid',
  sandboxAttempt: 'io.kubernetes.sandbox.attempt',
  containerName: 'io.kubernetes.container.name',
  restartCount: 'io.kubernetes.container.restartCount',
  containerHash: 'io.kubernetes.container.hash',
  terminationMessagePolicy: 'io.kubernetes.container.terminationMessagePolicy',
  /** How often in a row this container was restarted early: decides how long the next restart waits. */
  backoffLevel: 'io.gantry.container.backoffLevel',
} as const;

export function podLabels(pod: Pod): Record<string, string> {
  return {
    [label.podName]: pod.metadata.name,
    [label.podNamespace]: pod.metadata.namespace,
    [label.podUid]: pod.metadata.uid,
  };
}

/** Ids follow from what they name, so making the same thing twice (after a crash) makes it once. */
export function sandboxId(podUid: string, attempt: number): string {
  return digest(`sandbox\0${podUid}\0${attempt}`);
}

export function containerId(podUid: string, name: string, restartCount: number): string {
  return digest(`container\0${podUid}\0${name}\0${restartCount}`);
}

/** Changes when a running container no longer is what the pod asks for; only the image may change in a pod's life. */
export function containerHash(container: Container): string {
  return digest(`${container.name}\0${container.image}`).slice(0, 8);
}

/** `name_namespace(uid)`: how messages name a pod. */
export function podFullName(pod: Pod): string {
  return `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
