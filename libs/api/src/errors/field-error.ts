/** What is wrong with one field, in Kubernetes' words (apimachinery `util/validation/field`). */
export interface FieldError {
  type: FieldErrorType;
  /** `spec.containers[0].name`. */
  field: string;
  /** The message without the field: `Required value`, `Invalid value: "x": must be …`. */
  body: string;
}

/** The type is also the reason of the cause in a Status. */
export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'InternalError'
  | 'FieldValueTypeInvalid';

/** A field's name, a list's index, or, wrapped in an array, the key of a map's entry. */
export type PathPart = string | number | readonly [string];

/**
 * Joins parts to a path; a part may be a path itself:
 * `fieldPath('spec.containers', 0, 'name')` is `spec.containers[0].name`,
 * `fieldPath('metadata', 'labels', ['a/b'])` is `metadata.labels[a/b]`.
 */
export function fieldPath(...parts: PathPart[]): string {
  let joined = '';
  for (const part of parts) {
    if (typeof part === 'number') joined += `[${part}]`;
    else if (typeof part !== 'string') joined += `[${part[0]}]`;
    else if (part !== '') joined += joined && !part.startsWith('[') ? `.${part}` : part;
  }
  return joined;
}

export const required = (field: string, detail = ''): FieldError =>
  error('FieldValueRequired', field, 'Required value', detail);

export const invalidValue = (field: string, value: unknown, detail: string): FieldError =>
  error('FieldValueInvalid', field, `Invalid value: ${shown(value)}`, detail);

/** A value of the wrong type. */
export const typeInvalid = (field: string, value: unknown, detail: string): FieldError =>
  error('FieldValueTypeInvalid', field, `Invalid value: ${shown(value)}`, detail);

export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const choices = supported.map((choice) => JSON.stringify(choice)).join(', ');
  return error(
    'FieldValueNotSupported',
    field,
    `Unsupported value: ${shown(value)}`,
    choices && `supported values: ${choices}`,
  );
}

export const duplicate = (field: string, value: unknown): FieldError =>
  error('FieldValueDuplicate', field, `Duplicate value: ${shown(value)}`, '');

/** Something that is valid elsewhere but not allowed here. */
export const forbiddenField = (field: string, detail: string): FieldError =>
  error('FieldValueForbidden', field, 'Forbidden', detail);

export const notFoundValue = (field: string, value: unknown): FieldError =>
  error('FieldValueNotFound', field, `Not found: ${shown(value)}`, '');

/** `limit` in bytes. */
export const tooLong = (field: string, limit: number): FieldError =>
  error('FieldValueTooLong', field, 'Too long', `may not be more than ${limit} ${limit === 1 ? 'byte' : 'bytes'}`);

export const tooMany = (field: string, actual: number, limit: number): FieldError =>
  error(
    'FieldValueTooMany',
    field,
    `Too many: ${actual}`,
    `must have at most ${limit} ${limit === 1 ? 'item' : 'items'}`,
  );

/** A change of something that may not change. */
export const immutableField = (field: string, value: unknown): FieldError =>
  invalidValue(field, value, 'field is immutable');

/** The whole message: `spec.replicas: Invalid value: -1: must be greater than or equal to 0`. */
export function fieldErrorMessage({ field, body }: FieldError): string {
  return `${field}: ${body}`;
}

function error(type: FieldErrorType, field: string, head: string, detail: string): FieldError {
  return { type, field, body: detail ? `${head}: ${detail}` : head };
}

function shown(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}
