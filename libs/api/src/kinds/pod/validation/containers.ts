import {
  duplicate,
  fieldPath,
  forbiddenField,
  invalidValue,
  notFoundValue,
  notSupported,
  required,
} from '../../../errors';
import type { FieldError } from '../../../errors';
import type { Container, ContainerPort, VolumeMount } from '../container';
import type { PodSpec } from '../pod-spec';
import { checkEnv } from './env';
import { checkDescendingPath } from './paths';
import { checkHooks, checkNoProbes, checkProbes } from './probes';
import { checkResources } from './resources';
import { checkSecurityContext } from './security';

type Sort = 'containers' | 'initContainers' | 'ephemeralContainers';

/** All containers of a pod: each by itself, then what must be unique among them. */
export function checkContainers(spec: PodSpec, path: string): FieldError[] {
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  const named = new Set<string>();
  const errors: FieldError[] = [];
  for (const sort of ['containers', 'initContainers', 'ephemeralContainers'] as const) {
    for (const [i, container] of (spec[sort] ?? []).entries()) {
      const at = fieldPath(path, sort, i);
      if (named.has(container.name)) errors.push(duplicate(fieldPath(at, 'name'), container.name));
      named.add(container.name);
      errors.push(...checkContainer(container, sort, volumes, at));
    }
  }
  return [...errors, ...checkHostPorts(spec, path)];
}

function checkContainer(container: Container, sort: Sort, volumes: Set<string>, path: string): FieldError[] {
  return [
    ...checkImage(container, path),
    ...checkPorts(container.ports ?? [], fieldPath(path, 'ports')),
    ...checkEnv(container, path),
    ...checkMounts(container, volumes, fieldPath(path, 'volumeMounts')),
    ...checkResources(container.resources, fieldPath(path, 'resources')),
    ...checkSecurityContext(container.securityContext, path),
    ...checkRestarts(container, sort, path),
    ...(sort === 'initContainers' && container.restartPolicy !== 'Always'
      ? checkNoProbes(container, path)
      : [...checkProbes(container, path), ...checkHooks(container, path)]),
  ];
}

function checkImage({ image }: Container, path: string): FieldError[] {
  const field = fieldPath(path, 'image');
  if (!image) return [required(field)];
  return image.trim() === image ? [] : [invalidValue(field, image, 'must not have leading or trailing whitespace')];
}

/** Only init containers have a policy of their own: the one that makes them sidecars. */
function checkRestarts({ restartPolicy }: Container, sort: Sort, path: string): FieldError[] {
  if (restartPolicy === undefined) return [];
  const field = fieldPath(path, 'restartPolicy');
  if (sort !== 'initContainers') return [forbiddenField(field, 'may not be set for non-init containers')];
  return restartPolicy === 'Always' ? [] : [notSupported(field, restartPolicy, ['Always'])];
}

function checkPorts(ports: ContainerPort[], path: string): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap(({ name }, i) => {
    if (!name) return [];
    const isTaken = names.has(name);
    names.add(name);
    return isTaken ? [duplicate(fieldPath(path, i, 'name'), name)] : [];
  });
}

function checkMounts(container: Container, volumes: Set<string>, path: string): FieldError[] {
  const targets = new Set<string>();
  return (container.volumeMounts ?? []).flatMap((mount, i) => {
    const at = fieldPath(path, i);
    const errors = checkMount(container, mount, at);
    if (!volumes.has(mount.name)) errors.push(notFoundValue(fieldPath(at, 'name'), mount.name));
    if (targets.has(mount.mountPath)) {
      errors.push(invalidValue(fieldPath(at, 'mountPath'), mount.mountPath, 'must be unique'));
    }
    targets.add(mount.mountPath);
    return errors;
  });
}

function checkMount(
  container: Container,
  { subPath, subPathExpr, mountPropagation }: VolumeMount,
  at: string,
): FieldError[] {
  const errors = [
    ...checkDescendingPath(subPath ?? '', fieldPath(at, 'subPath')),
    ...checkDescendingPath(subPathExpr ?? '', fieldPath(at, 'subPathExpr')),
  ];
  if (subPath && subPathExpr) {
    const words = 'subPathExpr and subPath are mutually exclusive';
    errors.push(invalidValue(fieldPath(at, 'subPathExpr'), subPathExpr, words));
  }
  if (mountPropagation === 'Bidirectional' && !container.securityContext?.privileged) {
    const words = 'Bidirectional mount propagation is available only to privileged containers';
    errors.push(forbiddenField(fieldPath(at, 'mountPropagation'), words));
  }
  return errors;
}

/** A port of the node belongs to one container; with the node's network the pod's ports are the node's. */
function checkHostPorts({ containers, hostNetwork }: PodSpec, path: string): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap(({ ports = [] }, i) =>
    ports.flatMap(({ hostPort, hostIP = '', containerPort, protocol }, j) => {
      if (!hostPort) return [];
      const at = fieldPath(path, 'containers', i, 'ports', j);
      const identity = `${protocol}/${hostIP}/${hostPort}`;
      const errors = taken.has(identity) ? [duplicate(fieldPath(at, 'hostPort'), identity)] : [];
      taken.add(identity);
      if (hostNetwork && hostPort !== containerPort) {
        const words = 'must match `hostPort` when `hostNetwork` is true';
        errors.push(invalidValue(fieldPath(at, 'containerPort'), containerPort, words));
      }
      return errors;
    }),
  );
}
