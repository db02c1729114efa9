import { invalidValue, notSupported, tooLong } from '../errors';
import type { FieldError } from '../errors';
import { checkFormat } from '../fields';
import type { FieldType, IntegerType, StringType } from '../fields';
import { outOfRange } from '../names';

/**
 * Adds what is wrong with a value that already has the right type. Errors are made without a path; each enclosing check
 * puts its own name before them on the way out, so that correct objects never pay for paths.
 */
export type Check = (value: unknown, errors: FieldError[]) => void;

/** The limits of one number. */
export function numberCheck({ min, max }: Pick<IntegerType, 'min' | 'max'>): Check | undefined {
  if (min === undefined && max === undefined) return undefined;
  const low = min ?? -Infinity;
  const high = max ?? Infinity;
  const detail = rangeWords(min, max);
  return (value, errors) => {
    if ((value as number) < low || (value as number) > high) errors.push(invalidValue('', value, detail));
  };
}

function rangeWords(min?: number, max?: number): string {
  if (min === undefined) return `must be less than or equal to ${max!}`;
  return max === undefined ? `must be greater than or equal to ${min}` : outOfRange(min, max);
}

/** The limits of one string. */
export function stringCheck(type: StringType): Check | undefined {
  const checks = [enumCheck(type), lengthCheck(type), patternCheck(type), formatCheck(type)].filter(
    (check) => check !== undefined,
  );
  return allOf(checks);
}

/** One check out of several; undefined when there are none. */
export function allOf(checks: Check[]): Check | undefined {
  if (checks.length <= 1) return checks[0];
  return (value, errors) => {
    for (const check of checks) check(value, errors);
  };
}

function enumCheck(type: StringType): Check | undefined {
  const { enum: values } = type;
  if (!values) return undefined;
  const allowed = new Set<unknown>(values);
  return (value, errors) => {
    if (!allowed.has(value)) errors.push(notSupported('', value, values));
  };
}

function lengthCheck({ minLength = 0, maxLength = Infinity }: StringType): Check | undefined {
  if (minLength === 0 && maxLength === Infinity) return undefined;
  return (value, errors) => {
    // A character takes up to three bytes per UTF-16 unit, so most strings need not be measured.
    const text = value as string;
    if (text.length * 3 > maxLength && Buffer.byteLength(text) > maxLength) errors.push(tooLong('', maxLength));
    if (text.length < minLength) errors.push(invalidValue('', text, `should be at least ${minLength} chars long`));
  };
}

function patternCheck({ pattern }: StringType): Check | undefined {
  if (!pattern) return undefined;
  return (value, errors) => {
    if (!pattern.test(value as string)) errors.push(invalidValue('', value, `should match '${pattern.source}'`));
  };
}

function formatCheck({ format }: StringType): Check | undefined {
  if (!format) return undefined;
  return (value, errors) => {
    for (const problem of checkFormat(format, value as string)) errors.push(invalidValue('', value, problem));
  };
}

/** Whether absent and empty are the same for such a field, as they are in Go for what is no pointer. */
export function emptyIsAbsent(type: FieldType): boolean {
  return type.is === 'string' || type.is === 'list';
}
