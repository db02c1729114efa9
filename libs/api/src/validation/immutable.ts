import { immutableField } from '../errors';
import type { FieldError } from '../errors';
import { fieldsOf } from '../fields';
import type { SchemaClass } from '../fields';
import { equalJson } from '../json';

interface Immutables {
  fields: string[];
  /** Embedded objects that have immutable fields somewhere within. */
  nested: { name: string; immutables: Immutables }[];
}

const compiled = new WeakMap<SchemaClass, Immutables>();

/** Fields marked `immutable` whose values differ. Looks into embedded objects, not into lists and maps. */
export function checkImmutable(schema: SchemaClass, object: object, old: object): FieldError[] {
  return compare(immutablesOf(schema), object, old, '');
}

function compare({ fields, nested }: Immutables, object: object, old: object, prefix: string): FieldError[] {
  const after = object as Record<string, unknown>;
  const before = old as Record<string, unknown>;
  const changed = fields.filter((name) => !equalJson(after[name], before[name]));
  return [
    ...changed.map((name) => immutableField(prefix + name, after[name])),
    ...nested.flatMap(({ name, immutables }) =>
      compare(immutables, after[name] ?? {}, before[name] ?? {}, `${prefix}${name}.`),
    ),
  ];
}

function immutablesOf(schema: SchemaClass): Immutables {
  const known = compiled.get(schema);
  if (known) return known;
  const found: Immutables = { fields: [], nested: [] };
  // Set before its fields are looked at, so that a class that contains itself comes to an end.
  compiled.set(schema, found);
  for (const { name, type, immutable } of fieldsOf(schema).values()) {
    if (immutable) found.fields.push(name);
    else if (type.is === 'object') {
      const immutables = immutablesOf(type.of());
      if (immutables.fields.length || immutables.nested.length) found.nested.push({ name, immutables });
    }
  }
  return found;
}
