import type { Container } from './container';
import type { PodSpec } from './pod-spec';
import type { Volume } from './volume';

/**
 * Defaults of a pod or a pod template that depend on other fields.
 * Complete specs are left as they are, so that storing an object again changes nothing.
 */
export function defaultPodSpec(spec: PodSpec): void {
  for (const volume of spec.volumes ?? []) defaultVolume(volume);
  for (const container of allContainers(spec)) {
    container.imagePullPolicy ??= pullPolicy(container.image ?? '');
    if (spec.hostNetwork) for (const port of container.ports ?? []) port.hostPort ||= port.containerPort;
  }
  // The old name of the field is kept in step for old clients.
  const account = spec.serviceAccountName ?? spec.serviceAccount;
  if (account) spec.serviceAccountName = spec.serviceAccount = account;
}

/** What holds for pods only: a template keeps saying nothing about these. */
export function defaultPod(spec: PodSpec): void {
  defaultPodSpec(spec);
  spec.enableServiceLinks ??= true;
  for (const { resources } of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    if (resources.limits) resources.requests = { ...resources.limits, ...resources.requests };
  }
}

/** Containers of every sort, in the order of their start. */
export function allContainers(
  spec: Pick<PodSpec, 'initContainers' | 'containers' | 'ephemeralContainers'>,
): Container[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
}

/** An image that moves under its name is pulled each time: tag `latest`, or neither tag nor digest. */
export function pullPolicy(image: string): 'Always' | 'IfNotPresent' {
  const [name = '', digest] = image.split('@');
  const tag = /:([^:/]+)$/.exec(name)?.[1];
  return tag === 'latest' || (tag === undefined && digest === undefined) ? 'Always' : 'IfNotPresent';
}

function defaultVolume(volume: Volume): void {
  if (Object.keys(volume).length === 1) volume.emptyDir = {};
}
