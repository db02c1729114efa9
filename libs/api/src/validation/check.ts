import { fieldPath, invalidValue, required, tooMany } from '../errors';
import type { FieldError, PathPart } from '../errors';
import { checkFormat, fieldsOf } from '../fields';
import type { FieldFacts, FieldType, ListFieldType, SchemaClass } from '../fields';
import { allOf, emptyIsAbsent, numberCheck, stringCheck } from './limits';
import type { Check } from './limits';

const compiled = new WeakMap<SchemaClass, Check>();

/** The check of a class, compiled at its first use: required fields are there, and every value keeps its limits. */
export function objectCheck(schema: SchemaClass): Check {
  let check = compiled.get(schema);
  if (!check) {
    check = compileObject(schema);
    compiled.set(schema, check);
  }
  return check;
}

interface FieldCheck {
  name: string;
  optional: boolean;
  /** Empty counts as absent. */
  emptyIsAbsent: boolean;
  check?: Check;
}

function compileObject(schema: SchemaClass): Check {
  const fields = [...fieldsOf(schema).values()].map(fieldCheck).filter(({ optional, check }) => !optional || check);
  return (value, errors) => {
    const object = value as Record<string, unknown>;
    for (const field of fields) checkField(object[field.name], field, errors);
  };
}

function fieldCheck({ name, optional, type }: FieldFacts): FieldCheck {
  return { name, optional, emptyIsAbsent: emptyIsAbsent(type), check: checkOf(type) };
}

function checkField(value: unknown, field: FieldCheck, errors: FieldError[]): void {
  const absent = value === undefined || (field.emptyIsAbsent && (value as string | unknown[]).length === 0);
  if (absent) {
    if (!field.optional) errors.push(required(field.name));
  } else if (field.check) {
    const before = errors.length;
    field.check(value, errors);
    if (errors.length !== before) within(errors, before, field.name);
  }
}

function checkOf(type: FieldType): Check | undefined {
  switch (type.is) {
    case 'string':
      return stringCheck(type);
    case 'integer':
    case 'number':
      return numberCheck(type);
    case 'object':
      return laterCheck(type.of);
    case 'list':
      return listCheck(type);
    case 'map':
      return mapCheck(type);
    default:
      return undefined;
  }
}

/** Classes may contain themselves, so the check of an embedded one is looked up when it is first needed. */
function laterCheck(of: () => SchemaClass): Check {
  let check: Check | undefined;
  return (value, errors) => {
    (check ??= objectCheck(of()))(value, errors);
  };
}

function listCheck({ items, minItems = 0, maxItems = Infinity }: ListFieldType): Check | undefined {
  const sizes: Check = (value, errors) => {
    const { length } = value as unknown[];
    if (length > maxItems) errors.push(tooMany('', length, maxItems));
    if (length < minItems) errors.push(invalidValue('', length, `should have at least ${minItems} items`));
  };
  const check = checkOf(items);
  const each: Check = (value, errors) => {
    const list = value as unknown[];
    for (let i = 0; i < list.length; i++) {
      const before = errors.length;
      check!(list[i], errors);
      if (errors.length !== before) within(errors, before, i);
    }
  };
  return allOf([...(minItems > 0 || maxItems < Infinity ? [sizes] : []), ...(check ? [each] : [])]);
}

function mapCheck({ values, keyFormat }: FieldType & { is: 'map' }): Check | undefined {
  const check = checkOf(values);
  if (!check && !keyFormat) return undefined;
  return (value, errors) => {
    const map = value as Record<string, unknown>;
    for (const name in map) {
      const before = errors.length;
      if (keyFormat) for (const problem of checkFormat(keyFormat, name)) errors.push(invalidValue('', name, problem));
      check?.(map[name], errors);
      if (errors.length !== before) within(errors, before, [name]);
    }
  };
}

function within(errors: FieldError[], before: number, part: PathPart): void {
  for (let i = before; i < errors.length; i++) errors[i]!.field = fieldPath(part, errors[i]!.field);
}
