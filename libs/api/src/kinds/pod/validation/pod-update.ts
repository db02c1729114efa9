import { fieldPath, forbiddenField, invalidValue } from '../../../errors';
import type { FieldError } from '../../../errors';
import { equalJson } from '../../../json';
import type { Container } from '../container';
import type { PodSpec } from '../pod-spec';
import type { Toleration } from '../scheduling';

const OTHERS =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** A pod's spec is fixed once it is created, but for a few fields; most of all, the node has begun to act on it. */
export function checkPodUpdate(spec: PodSpec, old: PodSpec): FieldError[] {
  for (const sort of ['containers', 'initContainers'] as const) {
    if (spec[sort]?.length === old[sort]?.length) continue;
    return [forbiddenField(fieldPath('spec', sort), 'pod updates may not add or remove containers')];
  }
  const errors = [
    ...checkDeadline(spec, old),
    ...checkAdditions(spec.tolerations, old.tolerations),
    ...checkGates(spec, old),
  ];
  if (errors.length > 0) return errors;
  const changed = changedFields(spec, old);
  return changed.length === 0 ? [] : [forbiddenField('spec', `${OTHERS}\nchanged: ${changed.join(', ')}`)];
}

/** The deadline may be set, and brought forward. */
function checkDeadline(
  { activeDeadlineSeconds: deadline }: PodSpec,
  { activeDeadlineSeconds: before }: PodSpec,
): FieldError[] {
  if (before === undefined || deadline === before) return [];
  const field = 'spec.activeDeadlineSeconds';
  if (deadline === undefined)
    return [invalidValue(field, deadline, 'must not update from a positive integer to nil value')];
  return deadline < before ? [] : [invalidValue(field, deadline, 'must be less than or equal to previous value')];
}

/** Tolerations may be added, and their seconds changed. */
function checkAdditions(tolerations: Toleration[] = [], old: Toleration[] = []): FieldError[] {
  const isKept = (before: Toleration) => {
    const { tolerationSeconds: _, ...identity } = before;
    return tolerations.some(({ tolerationSeconds: __, ...rest }) => equalJson(rest, identity));
  };
  if (old.every(isKept)) return [];
  return [forbiddenField('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')];
}

/** Gates are only ever opened. */
function checkGates({ schedulingGates = [] }: PodSpec, { schedulingGates: old = [] }: PodSpec): FieldError[] {
  return schedulingGates
    .filter(({ name }) => !old.some((gate) => gate.name === name))
    .map(({ name }) =>
      forbiddenField('spec.schedulingGates', `only deletion is allowed, but found new scheduling gate '${name}'`),
    );
}

function changedFields(spec: PodSpec, old: PodSpec): string[] {
  const isGated = (old.schedulingGates?.length ?? 0) > 0;
  const before = fixedPart(old, isGated);
  const after = fixedPart(spec, isGated);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => !equalJson(before[name], after[name])).map((name) => `spec.${name}`);
}

/** Everything that may not change; a gated pod has no node yet, so what chooses the node may. */
function fixedPart(spec: PodSpec, isGated: boolean): Record<string, unknown> {
  const {
    activeDeadlineSeconds: _,
    tolerations: __,
    schedulingGates: ____,
    containers,
    initContainers,
    ...rest
  } = spec;
  const withoutImage = ({ image: ___, ...container }: Container) => container;
  return {
    ...rest,
    containers: containers.map(withoutImage),
    initContainers: initContainers?.map(withoutImage),
    ...(isGated && { nodeSelector: undefined, affinity: undefined }),
  };
}
