import { fieldPath, invalidValue, required } from '../../../errors';
import type { FieldError } from '../../../errors';
import { isQualifiedName } from '../../../names';
import { Quantity } from '../../../quantity';
import type { ResourceRequirements } from '../resources';

const STANDARD = new Set(['cpu', 'memory', 'ephemeral-storage']);

type Amounts = Record<string, string>;

export function checkResources({ limits = {}, requests = {} }: ResourceRequirements, path: string): FieldError[] {
  return [
    ...checkAmounts(limits, fieldPath(path, 'limits')),
    ...checkAmounts(requests, fieldPath(path, 'requests')),
    ...checkWithin(requests, limits, path),
  ];
}

function checkAmounts(amounts: Amounts, path: string): FieldError[] {
  return Object.entries(amounts).flatMap(([name, amount]) => {
    const field = fieldPath(path, [name]);
    const quantity = Quantity.parse(amount);
    const errors = checkName(name, field);
    if (quantity.sign() < 0) errors.push(invalidValue(field, amount, 'must be greater than or equal to 0'));
    if (isExtended(name) && !quantity.isInteger()) errors.push(invalidValue(field, amount, 'must be an integer'));
    return errors;
  });
}

function checkName(name: string, field: string): FieldError[] {
  const errors = isQualifiedName(name).map((reason) => invalidValue(field, name, reason));
  if (errors.length > 0 || isNative(name) || isExtended(name)) return errors;
  return [invalidValue(field, name, 'must be a standard resource for containers')];
}

/** Reserved amounts never exceed what may be used; extended resources are not shared, so both are the same. */
function checkWithin(requests: Amounts, limits: Amounts, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name];
    const field = fieldPath(path, 'requests');
    if (limit === undefined) {
      if (isExtended(name))
        errors.push(required(fieldPath(path, 'limits'), 'Limit must be set for non overcommitable resources'));
      continue;
    }
    const order = Quantity.parse(request).compare(Quantity.parse(limit));
    if (isExtended(name) && order !== 0) {
      errors.push(invalidValue(field, request, `must be equal to ${name} limit of ${limit}`));
    } else if (order > 0) {
      errors.push(invalidValue(field, request, `must be less than or equal to ${name} limit of ${limit}`));
    }
  }
  return errors;
}

function isNative(name: string): boolean {
  return STANDARD.has(name) || name.startsWith('hugepages-');
}

/** Resources of others, under their own domain. */
function isExtended(name: string): boolean {
  return name.includes('/') && !name.split('/')[0]!.endsWith('kubernetes.io');
}
