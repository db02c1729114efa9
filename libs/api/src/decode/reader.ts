import { fieldsOf, schemaName } from '../fields';
import type { FieldFacts, FieldType, SchemaClass } from '../fields';
import { cloneJson, setEntry } from '../json';
import { Findings } from './findings';
import { scalarReader, zeroValue } from './scalars';
import type { Reader } from './scalars';

const compiled = new WeakMap<SchemaClass, Reader>();

/** The reader of a class, compiled at its first use. It returns a new object: unknown fields and nulls gone, defaults set. */
export function objectReader(schema: SchemaClass): Reader {
  let reader = compiled.get(schema);
  if (!reader) {
    reader = compileObject(schema);
    compiled.set(schema, reader);
  }
  return reader;
}

function readerOf(type: FieldType): Reader {
  switch (type.is) {
    case 'object':
      return laterReader(type.of);
    case 'list':
      return listReader(type);
    case 'map':
      return mapReader(type.values);
    default:
      return scalarReader(type);
  }
}

/** Classes may contain themselves, so the reader of an embedded one is looked up when it is first needed. */
function laterReader(of: () => SchemaClass): Reader {
  let reader: Reader | undefined;
  return (value, findings) => (reader ??= objectReader(of()))(value, findings);
}

function compileObject(schema: SchemaClass): Reader {
  const struct = schemaName(schema);
  const facts = [...fieldsOf(schema).values()];
  const readers = new Map(facts.map((field) => [field.name, readerOf(field.type)]));
  const defaults = facts
    .filter((field) => field.default !== undefined)
    .map((field) => defaultOf(field, readers.get(field.name)!));

  return (value, findings) => {
    if (!isObject(value)) return findings.mismatch(value, `v1.${struct}`);
    const object: Record<string, unknown> = {};
    for (const name in value) {
      const read = readers.get(name);
      const given = value[name];
      if (read === undefined) findings.unknown(name, readers.keys());
      else if (given !== null && given !== undefined) {
        const before = findings.found.length;
        const result = read(given, findings);
        if (findings.found.length !== before) findings.inField(before, name, struct);
        if (result !== undefined) object[name] = result;
      }
    }
    for (const { name, make } of defaults) if (object[name] === undefined) object[name] = make();
    return object;
  };
}

/** A default is itself read by the field's reader, once, so that defaults within it are set too. */
function defaultOf(field: FieldFacts, read: Reader): { name: string; make: () => unknown } {
  let value: unknown;
  return { name: field.name, make: () => cloneJson((value ??= readDefault(field, read))) };
}

function readDefault(field: FieldFacts, read: Reader): unknown {
  const findings = new Findings();
  const value = read(field.default, findings);
  if (findings.found.length)
    throw new Error(`the default of ${field.name} does not fit its type: ${JSON.stringify(field.default)}`);
  return value;
}

function listReader(type: FieldType & { is: 'list' }): Reader {
  const read = readerOf(type.items);
  const wanted = goType(type);
  return (value, findings) => {
    if (!Array.isArray(value)) return findings.mismatch(value, wanted);
    const list: unknown[] = [];
    for (let i = 0; i < value.length; i++) {
      const before = findings.found.length;
      list.push(read(value[i] ?? zeroValue(type.items), findings));
      if (findings.found.length !== before) findings.inEntry(before, `[${i}]`);
    }
    return list;
  };
}

function mapReader(values: FieldType): Reader {
  const read = readerOf(values);
  const wanted = `map[string]${goType(values)}`;
  return (value, findings) => {
    if (!isObject(value)) return findings.mismatch(value, wanted);
    const map: Record<string, unknown> = {};
    for (const name in value) {
      const before = findings.found.length;
      setEntry(map, name, read(value[name] ?? zeroValue(values), findings));
      if (findings.found.length !== before) findings.inEntry(before, name);
    }
    return map;
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The type's name in Go, which clients know from Kubernetes' messages. */
function goType(type: FieldType): string {
  switch (type.is) {
    case 'integer':
      return `int${type.bits}`;
    case 'boolean':
      return 'bool';
    case 'number':
      return 'float64';
    case 'bytes':
      return '[]uint8';
    case 'list':
      return `[]${goType(type.items)}`;
    case 'map':
      return `map[string]${goType(type.values)}`;
    case 'object':
      return `v1.${schemaName(type.of())}`;
    case 'quantity':
      return 'resource.Quantity';
    case 'intOrString':
      return 'intstr.IntOrString';
    case 'any':
      return 'runtime.RawExtension';
    default:
      return 'string';
  }
}
