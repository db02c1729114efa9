import { recordField, recordSchema } from './facts';
import type { FieldType, ListType, PatchStrategy, SchemaClass, SchemaFacts } from './facts';
import type { FormatName } from './formats';

/** What every field decorator takes. */
interface FieldOptions<V> {
  /** One or two sentences for `kubectl explain`. */
  doc: string;
  /** Clients may leave it out, and then it is absent: the field is declared with `?`. */
  optional?: boolean;
  /**
   * Set when clients leave it out. Without `optional` the field is declared with `!`, since readers always find it;
   * with `optional` it is declared with `?`, which is kinder to code that builds such objects.
   */
  default?: V;
  /** Clients leave it out and the server fills it in before anyone reads it: declared with `!`. */
  filled?: boolean;
  /** May not change after creation. */
  immutable?: boolean;
}

interface StringLimits {
  /** The only values allowed; the field's type is their union. */
  enum?: readonly string[];
  pattern?: RegExp;
  /** A named rule with Kubernetes' own wording, see `formats.ts`. */
  format?: FormatName;
  /** In bytes. */
  minLength?: number;
  maxLength?: number;
}

interface NumberLimits {
  /** Inclusive. */
  min?: number;
  max?: number;
}

interface StrOptions extends FieldOptions<string>, StringLimits {}
interface IntOptions extends FieldOptions<number>, NumberLimits {
  /** 32 unless told. Values beyond 2^53 lose precision. */
  bits?: 32 | 64;
}
interface ObjOptions extends FieldOptions<object> {
  patchStrategy?: PatchStrategy;
  /** Nothing in it is sure to be there: the field is declared as `Partial<…>` (metadata of templates). */
  partial?: boolean;
}
interface ListOptions<I> extends FieldOptions<readonly unknown[]>, StringLimits, NumberLimits {
  /** Items that server-side apply tells apart by these fields; implies listType `map`. */
  listMapKeys?: readonly ItemKey<I>[];
  listType?: ListType;
  patchMergeKey?: ItemKey<I>;
  patchStrategy?: PatchStrategy;
  minItems?: number;
  maxItems?: number;
}
interface MapOptions extends FieldOptions<Record<string, unknown>> {
  /** What the keys must look like. */
  keyFormat?: FormatName;
}

/** Items of lists and values of maps: a scalar by name, or a class by a thunk (classes may refer to each other in a circle). */
interface ScalarValues {
  string: string;
  int32: number;
  int64: number;
  boolean: boolean;
  quantity: string;
  bytes: string;
  time: string;
  any: unknown;
}
type Item = keyof ScalarValues | (() => SchemaClass);
type ValueOf<I, O = unknown> = I extends 'string'
  ? EnumOf<O>
  : I extends keyof ScalarValues
    ? ScalarValues[I]
    : I extends () => SchemaClass<infer C>
      ? C
      : never;
type ItemKey<I> = I extends () => SchemaClass<infer C> ? keyof C & string : never;
type EnumOf<O> = O extends { enum: readonly (infer E)[] } ? E : string;
type ObjOf<C, O> = O extends { partial: true } ? Partial<C> : C;

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type MayBeAbsent<T, K extends keyof T> = object extends Pick<T, K> ? true : false;
interface Mismatch<Reason extends string> {
  mismatch: Reason;
}

type Agrees<T, K extends keyof T, Value, Options> =
  MayBeAbsent<T, K> extends (Options extends { optional: true } ? true : false)
    ? Same<Exclude<T[K], undefined>, Value> extends true
      ? unknown
      : Mismatch<'the decorator describes another type than the one declared'>
    : Mismatch<'`optional: true` and `?` go together'>;

/** Fits only a property whose declared type and `?` are what the decorator says; anything else does not compile. */
export type FieldDecorator<Value, Options> = <T extends object, K extends keyof T & string>(
  target: T,
  key: K & Agrees<T, K, Value, Options>,
) => void;

export function Str<const O extends StrOptions>(options: O): FieldDecorator<EnumOf<O>, O> {
  return field(stringType(options), options);
}

export function Int<const O extends IntOptions>(options: O): FieldDecorator<number, O> {
  return field({ is: 'integer', bits: options.bits ?? 32, ...numberLimits(options) }, options);
}

export function Num<const O extends FieldOptions<number> & NumberLimits>(options: O): FieldDecorator<number, O> {
  return field({ is: 'number', ...numberLimits(options) }, options);
}

export function Bool<const O extends FieldOptions<boolean>>(options: O): FieldDecorator<boolean, O> {
  return field({ is: 'boolean' }, options);
}

/** An amount such as `500m` or `2Gi`; numbers are accepted and become strings, all in canonical form. */
export function Amount<const O extends FieldOptions<string>>(options: O): FieldDecorator<string, O> {
  return field({ is: 'quantity' }, options);
}

/** A number, or a string such as a port's name or `25%`. */
export function IntOrString<const O extends FieldOptions<number | string>>(
  options: O,
): FieldDecorator<number | string, O> {
  return field({ is: 'intOrString' }, options);
}

/** RFC 3339 in whole seconds (metav1.Time). */
export function Timestamp<const O extends FieldOptions<string>>(options: O): FieldDecorator<string, O> {
  return field({ is: 'time' }, options);
}

/** RFC 3339 with microseconds (metav1.MicroTime). */
export function MicroTime<const O extends FieldOptions<string>>(options: O): FieldDecorator<string, O> {
  return field({ is: 'microTime' }, options);
}

/** A Go duration such as `1h30m` (metav1.Duration). */
export function Duration<const O extends FieldOptions<string>>(options: O): FieldDecorator<string, O> {
  return field({ is: 'duration' }, options);
}

/** Base64; stays text in memory. */
export function Bytes<const O extends FieldOptions<string>>(options: O): FieldDecorator<string, O> {
  return field({ is: 'bytes' }, options);
}

/** Any JSON, kept as it came (RawExtension); the declared type is the author's choice. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- agrees with every declared type
export function AnyJson<const O extends FieldOptions<unknown>>(options: O): FieldDecorator<any, O> {
  return field({ is: 'any' }, options);
}

/** An embedded class. */
export function Obj<C, const O extends ObjOptions>(
  of: () => SchemaClass<C>,
  options: O,
): FieldDecorator<ObjOf<C, O>, O> {
  return field({ is: 'object', of }, options);
}

/** A list of scalars or of an embedded class. String and number limits apply to each item. */
export function ListOf<I extends Item, const O extends ListOptions<I>>(
  items: I,
  options: O,
): FieldDecorator<ValueOf<I, O>[], O> {
  const { listMapKeys, minItems, maxItems } = options;
  const listType = options.listType ?? (listMapKeys ? 'map' : 'atomic');
  return field({ is: 'list', items: itemType(items, options), listType, listMapKeys, minItems, maxItems }, options);
}

/** A map from strings to scalars or to an embedded class. */
export function MapOf<I extends Item, const O extends MapOptions>(
  values: I,
  options: O,
): FieldDecorator<Record<string, ValueOf<I>>, O> {
  return field({ is: 'map', values: itemType(values, {}), keyFormat: options.keyFormat }, options);
}

/** Facts about the class as a whole. */
export function Schema(facts: SchemaFacts): (schema: SchemaClass) => void {
  return (schema) => {
    recordSchema(schema, facts);
  };
}

type AnyOptions = FieldOptions<unknown> & { patchMergeKey?: string; patchStrategy?: PatchStrategy };

function field(type: FieldType, options: AnyOptions): (target: object, name: string) => void {
  const { doc, default: value, immutable = false, patchMergeKey, patchStrategy } = options;
  const optional = options.optional === true || options.filled === true || value !== undefined;
  return (target, name) => {
    recordField(target, { name, type, doc, optional, default: value, immutable, patchMergeKey, patchStrategy });
  };
}

function itemType(item: Item, limits: StringLimits & NumberLimits): FieldType {
  if (typeof item === 'function') return { is: 'object', of: item };
  if (item === 'string') return stringType(limits);
  if (item === 'int32' || item === 'int64')
    return { is: 'integer', bits: item === 'int32' ? 32 : 64, ...numberLimits(limits) };
  return { is: item };
}

function stringType({ enum: values, pattern, format, minLength, maxLength }: StringLimits): FieldType {
  return { is: 'string', enum: values, pattern, format, minLength, maxLength };
}

function numberLimits({ min, max }: NumberLimits): NumberLimits {
  return { min, max };
}
