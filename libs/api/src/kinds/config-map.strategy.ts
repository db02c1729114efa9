import { fieldPath, forbiddenField, invalidValue, tooLong } from '../errors';
import type { FieldError } from '../errors';
import { equalJson } from '../json';
import type { Strategy } from '../kind';
import { isConfigKey } from '../names';
import type { ConfigMap } from './config-map';

/** All data of a ConfigMap or Secret together, in bytes. */
export const DATA_LIMIT = 1024 * 1024;

export const configMapStrategy: Strategy<ConfigMap> = {
  validate({ data = {}, binaryData = {} }) {
    const errors = [...checkKeys(data, 'data'), ...checkKeys(binaryData, 'binaryData')];
    for (const key of Object.keys(binaryData)) {
      if (!Object.hasOwn(data, key)) continue;
      errors.push(invalidValue(fieldPath('data', [key]), key, 'duplicate of key present in binaryData'));
    }
    const size = textBytes(data) + decodedBytes(binaryData);
    return size > DATA_LIMIT ? [...errors, tooLong('', DATA_LIMIT)] : errors;
  },

  validateUpdate(object, old) {
    return checkFrozen(object, old, ['data', 'binaryData']);
  },
};

export function checkKeys(data: Record<string, string>, field: string): FieldError[] {
  return Object.keys(data).flatMap((key) =>
    isConfigKey(key).map((reason) => invalidValue(fieldPath(field, [key]), key, reason)),
  );
}

/** Once `immutable` is set it stays so, and the given fields stay as they are. */
export function checkFrozen<T extends { immutable?: boolean }>(
  object: T,
  old: T,
  fields: readonly (keyof T & string)[],
): FieldError[] {
  if (!old.immutable) return [];
  const changed = fields.filter((field) => !equalJson(object[field] ?? {}, old[field] ?? {}));
  return [...(object.immutable ? [] : ['immutable']), ...changed].map((field) =>
    forbiddenField(field, 'field is immutable when `immutable` is set'),
  );
}

/** The size of base64 data once decoded. */
export function decodedBytes(data: Record<string, string>): number {
  return sum(Object.values(data).map((text) => Buffer.byteLength(text, 'base64')));
}

function textBytes(data: Record<string, string>): number {
  return sum(Object.values(data).map((text) => Buffer.byteLength(text)));
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
