import type { FormatName } from './formats';

/** A class whose fields are decorated; instances are never made, objects stay the plain JSON they came as. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- abstract bases and classes of any shape are welcome
export type SchemaClass<T = any> = abstract new () => T;

/** What a value is on the wire, and the limits that can be checked without looking at anything else. */
export type FieldType =
  | StringType
  | IntegerType
  | { is: 'number'; min?: number; max?: number }
  | { is: 'boolean' | 'quantity' | 'intOrString' | 'time' | 'microTime' | 'duration' | 'bytes' | 'any' }
  | { is: 'object'; of: () => SchemaClass }
  | ListFieldType
  | { is: 'map'; values: FieldType; keyFormat?: FormatName };

export interface StringType {
  is: 'string';
  enum?: readonly string[];
  pattern?: RegExp;
  format?: FormatName;
  /** In characters; Kubernetes counts bytes, and so does the check. */
  minLength?: number;
  maxLength?: number;
}

export interface IntegerType {
  is: 'integer';
  bits: 32 | 64;
  min?: number;
  max?: number;
}

export interface ListFieldType {
  is: 'list';
  items: FieldType;
  /** How server-side apply merges the list (KEP-555); atomic unless told. */
  listType: ListType;
  listMapKeys?: readonly string[];
  minItems?: number;
  maxItems?: number;
}

export type ListType = 'atomic' | 'set' | 'map';

/** Everything known about one field. Decoding, validation, OpenAPI and patches all read this and nothing else. */
export interface FieldFacts {
  name: string;
  type: FieldType;
  doc: string;
  /** Whether clients may leave the field out. */
  optional: boolean;
  /** Set when the field is left out. Frozen by its use: cloned into each object. */
  default?: unknown;
  /** May not change after creation. */
  immutable: boolean;
  /** Strategic merge patch: the key that identifies a list's items. */
  patchMergeKey?: string;
  /** Strategic merge patch: `merge`, `replace`, `retainKeys` or `merge,retainKeys`. */
  patchStrategy?: PatchStrategy;
}

export type PatchStrategy = 'merge' | 'replace' | 'retainKeys' | 'merge,retainKeys';

/** Facts about a class as a whole; all optional. */
export interface SchemaFacts {
  doc?: string;
  /** OpenAPI package of the class, when it is not that of the first kind it is reached from: `io.k8s.api.core.v1`. */
  package?: string;
  /** Name in OpenAPI and error messages where it is not the TypeScript class's name. */
  name?: string;
  /** Server-side apply treats the object as one value (`x-kubernetes-map-type: atomic`). */
  atomic?: boolean;
}

const ownFields = new WeakMap<object, FieldFacts[]>();
const schemaFacts = new WeakMap<SchemaClass, SchemaFacts>();
const allFields = new WeakMap<SchemaClass, ReadonlyMap<string, FieldFacts>>();

export function recordField(prototype: object, facts: FieldFacts): void {
  const fields = ownFields.get(prototype);
  if (fields) fields.push(facts);
  else ownFields.set(prototype, [facts]);
}

/** The fields of a class in the order of their declaration, those of its base classes first. */
export function fieldsOf(schema: SchemaClass): ReadonlyMap<string, FieldFacts> {
  let fields = allFields.get(schema);
  if (!fields) {
    fields = new Map(
      lineage(schema.prototype as object).flatMap((p) => (ownFields.get(p) ?? []).map((f) => [f.name, f])),
    );
    allFields.set(schema, fields);
  }
  return fields;
}

export function recordSchema(schema: SchemaClass, facts: SchemaFacts): void {
  schemaFacts.set(schema, facts);
}

export function schemaFactsOf(schema: SchemaClass): SchemaFacts {
  return schemaFacts.get(schema) ?? {};
}

/** The class's name as clients know it. */
export function schemaName(schema: SchemaClass): string {
  return schemaFactsOf(schema).name ?? schema.name;
}

function lineage(prototype: object): object[] {
  const chain: object[] = [];
  for (let p: object | null = prototype; p && p !== Object.prototype; p = Object.getPrototypeOf(p) as object | null)
    chain.unshift(p);
  return chain;
}
