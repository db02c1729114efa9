import type { ValidationOptions } from 'class-validator';
import { Findings } from '../decode/findings';
import { scalarReader } from '../decode/scalars';
import type { ScalarType } from '../decode/scalars';
import { checkFormat, fieldsOf } from '../fields';
import type { FieldFacts, FieldType, IntegerType, SchemaClass, StringType } from '../fields';
import { emptyIsAbsent } from '../validation/limits';

type ClassValidator = typeof import('class-validator');
type Transform = typeof import('class-transformer');

const registered = new WeakSet<SchemaClass>();

/**
 * Tells class-validator and class-transformer what our decorators know about a class and all that it contains, so that
 * Nest's ValidationPipe takes kinds as they are. The server's own way is {@link decode} and {@link validate}, which are
 * compiled and cost a hundredth; the two libraries are loaded here only, since they would slow down every start of the CLI.
 */
export async function registerWithClassValidator(schema: SchemaClass): Promise<void> {
  await import('reflect-metadata');
  const [rules, transform] = await Promise.all([import('class-validator'), import('class-transformer')]);
  register(schema, rules, transform);
}

function register(schema: SchemaClass, rules: ClassValidator, transform: Transform): void {
  if (registered.has(schema)) return;
  registered.add(schema);
  for (const field of fieldsOf(schema).values()) {
    for (const decorate of decoratorsOf(field, rules, transform)) decorate(schema.prototype as object, field.name);
    const embedded = classIn(field.type);
    if (embedded) register(embedded(), rules, transform);
  }
}

function decoratorsOf(field: FieldFacts, rules: ClassValidator, transform: Transform): PropertyDecorator[] {
  const { type, optional } = field;
  const embedded = classIn(type);
  return [
    optional ? rules.ValidateIf((_, value) => !isAbsent(type, value)) : required(type, rules),
    ...(embedded ? [transform.Type(embedded)] : []),
    ...rulesOf(type, rules, {}),
  ];
}

function isAbsent(type: FieldType, value: unknown): boolean {
  return value === undefined || (emptyIsAbsent(type) && (value as { length?: number }).length === 0);
}

function required(type: FieldType, rules: ClassValidator): PropertyDecorator {
  if (type.is === 'list') return rules.ArrayNotEmpty();
  return type.is === 'string' ? rules.IsNotEmpty() : rules.IsDefined();
}

/** `options.each` makes the rules hold for the items of a list. */
function rulesOf(type: FieldType, rules: ClassValidator, options: ValidationOptions): PropertyDecorator[] {
  switch (type.is) {
    case 'string':
      return stringRules(type, rules, options);
    case 'integer':
    case 'number':
      return numberRules(type, rules, options);
    case 'object':
      return [rules.IsObject(options), rules.ValidateNested(options)];
    case 'list': {
      const { minItems, maxItems, items } = type;
      const sizes = [
        ...(minItems ? [rules.ArrayMinSize(minItems)] : []),
        ...(maxItems ? [rules.ArrayMaxSize(maxItems)] : []),
      ];
      return [rules.IsArray(), ...sizes, ...rulesOf(items, rules, { each: true })];
    }
    case 'map':
      return [rules.IsObject(options)];
    default:
      return [readable(type, rules, options)];
  }
}

function stringRules(type: StringType, rules: ClassValidator, options: ValidationOptions): PropertyDecorator[] {
  const { enum: values, pattern, minLength, maxLength, format } = type;
  const inForm = (value: unknown) => typeof value === 'string' && checkFormat(format!, value).length === 0;
  return [
    rules.IsString(options),
    ...(values ? [rules.IsIn([...values], options)] : []),
    ...(pattern ? [rules.Matches(pattern, options)] : []),
    ...(minLength ? [rules.MinLength(minLength, options)] : []),
    ...(maxLength ? [rules.IsByteLength(0, maxLength, options)] : []),
    ...(format ? [rules.ValidateBy({ name: format, validator: { validate: inForm } }, options)] : []),
  ];
}

function numberRules(
  type: IntegerType | (FieldType & { is: 'number' }),
  rules: ClassValidator,
  options: ValidationOptions,
): PropertyDecorator[] {
  const limit = type.is === 'integer' ? 2 ** (type.bits - 1) : Infinity;
  return [
    type.is === 'integer' ? rules.IsInt(options) : rules.IsNumber({}, options),
    rules.Min(type.min ?? -limit, options),
    rules.Max(type.max ?? limit - 1, options),
  ];
}

/** For what class-validator has no rule: fine when our own reader can read it. */
function readable(type: ScalarType, rules: ClassValidator, options: ValidationOptions): PropertyDecorator {
  const read = scalarReader(type);
  const validate = (value: unknown) => {
    const findings = new Findings();
    read(value, findings);
    return findings.found.length === 0;
  };
  return rules.ValidateBy({ name: type.is, validator: { validate } }, options);
}

/** The class in an object or a list; class-transformer knows no maps of classes, whose values it leaves alone. */
function classIn(type: FieldType): (() => SchemaClass) | undefined {
  if (type.is === 'object') return type.of;
  return type.is === 'list' ? classIn(type.items) : undefined;
}
