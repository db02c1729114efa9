import { duplicate, fieldPath, forbiddenField, invalidValue } from '../../../errors';
import type { FieldError } from '../../../errors';
import { isLabelValue, isQualifiedName } from '../../../names';
import { checkLabelSelector } from '../../label-selector.validation';
import type { PodSpec } from '../pod-spec';
import type { Toleration, TopologySpreadConstraint } from '../scheduling';

export function checkTolerations(tolerations: Toleration[], path: string): FieldError[] {
  return tolerations.flatMap((toleration, i) => checkToleration(toleration, fieldPath(path, i)));
}

function checkToleration({ key, operator, value, effect, tolerationSeconds }: Toleration, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (key) errors.push(...isQualifiedName(key).map((reason) => invalidValue(fieldPath(path, 'key'), key, reason)));
  else if (operator !== 'Exists') {
    const words = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalidValue(fieldPath(path, 'operator'), operator ?? '', words));
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    const words = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    errors.push(invalidValue(fieldPath(path, 'effect'), effect ?? '', words));
  }
  if (operator === 'Exists' && value) {
    errors.push(invalidValue(fieldPath(path, 'operator'), value, "value must be empty when `operator` is 'Exists'"));
  } else if (value) {
    errors.push(...isLabelValue(value).map((reason) => invalidValue(fieldPath(path, 'operator'), value, reason)));
  }
  return errors;
}

export function checkSpread(constraints: TopologySpreadConstraint[], path: string): FieldError[] {
  const seen = new Set<string>();
  return constraints.flatMap((constraint, i) => {
    const at = fieldPath(path, i);
    const identity = `{${constraint.topologyKey}, ${constraint.whenUnsatisfiable}}`;
    const errors = seen.has(identity) ? [duplicate(fieldPath(at, '{topologyKey, whenUnsatisfiable}'), identity)] : [];
    seen.add(identity);
    return [...errors, ...checkConstraint(constraint, at)];
  });
}

function checkConstraint(constraint: TopologySpreadConstraint, path: string): FieldError[] {
  const { maxSkew, minDomains, topologyKey, whenUnsatisfiable, labelSelector } = constraint;
  const errors = isQualifiedName(topologyKey).map((reason) =>
    invalidValue(fieldPath(path, 'topologyKey'), topologyKey, reason),
  );
  if (maxSkew <= 0) errors.push(invalidValue(fieldPath(path, 'maxSkew'), maxSkew, 'must be greater than zero'));
  if (minDomains !== undefined && minDomains <= 0) {
    errors.push(invalidValue(fieldPath(path, 'minDomains'), minDomains, 'must be greater than zero'));
  } else if (minDomains !== undefined && whenUnsatisfiable !== 'DoNotSchedule') {
    const words = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
    errors.push(invalidValue(fieldPath(path, 'minDomains'), minDomains, words));
  }
  return [...errors, ...checkLabelSelector(labelSelector, fieldPath(path, 'labelSelector'))];
}

/** A pod that is held back from scheduling can't have a node. */
export function checkGates({ schedulingGates = [], nodeName }: PodSpec, path: string): FieldError[] {
  const field = fieldPath(path, 'schedulingGates');
  const errors = schedulingGates.flatMap(({ name }, i) =>
    isQualifiedName(name).map((reason) => invalidValue(fieldPath(field, i), name, reason)),
  );
  if (!nodeName || schedulingGates.length === 0) return errors;
  const words = 'cannot be set until all schedulingGates have been cleared';
  return [...errors, forbiddenField(fieldPath(path, 'nodeName'), words)];
}
