import { fieldPath, forbiddenField, invalidValue, required } from '../errors';
import type { FieldError } from '../errors';
import type { LabelSelector } from '../meta';
import { isLabelValue, isQualifiedName } from '../names';
import { checkLabels } from '../validation';

/** What is wrong with a selector that its fields can't say: keys, values, and whether the operator takes any. */
export function checkLabelSelector(selector: LabelSelector | undefined, field: string): FieldError[] {
  if (!selector) return [];
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return [
    ...checkLabels(matchLabels, fieldPath(field, 'matchLabels')),
    ...matchExpressions.flatMap(({ key, operator, values = [] }, i) => {
      const path = fieldPath(field, 'matchExpressions', i);
      return [
        ...isQualifiedName(key).map((reason) => invalidValue(fieldPath(path, 'key'), key, reason)),
        ...checkOperands(operator, values, path),
        ...values.flatMap((value, j) =>
          isLabelValue(value).map((reason) => invalidValue(fieldPath(path, 'values', j), value, reason)),
        ),
      ];
    }),
  ];
}

/** In and NotIn need values, Exists and DoesNotExist take none. */
export function checkOperands(operator: string, values: readonly string[], path: string): FieldError[] {
  const field = fieldPath(path, 'values');
  if (operator === 'In' || operator === 'NotIn') {
    return values.length > 0 ? [] : [required(field, "must be specified when `operator` is 'In' or 'NotIn'")];
  }
  const isExistence = operator === 'Exists' || operator === 'DoesNotExist';
  if (!isExistence || values.length === 0) return [];
  return [forbiddenField(field, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
}

/** Whether a selector asks for nothing and thus selects everything. */
export function isEmptySelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}
