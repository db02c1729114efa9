import { fieldsOf, schemaFactsOf } from '../fields';
import type { FieldFacts, FieldType, ListFieldType, SchemaClass } from '../fields';
import type { JsonSchema } from './document';

/** Tells the component name of an embedded class. */
export type NameOf = (schema: SchemaClass) => string;

const APIMACHINERY = 'io.k8s.apimachinery.pkg';
const QUANTITY = `${APIMACHINERY}.api.resource.Quantity`;
const INT_OR_STRING = `${APIMACHINERY}.util.intstr.IntOrString`;
const TIME = `${APIMACHINERY}.apis.meta.v1.Time`;
const MICRO_TIME = `${APIMACHINERY}.apis.meta.v1.MicroTime`;

/** Components for values that are no classes of ours, by the names clients know them by. */
export const valueSchemas: Record<string, JsonSchema> = {
  [QUANTITY]: {
    description:
      'An amount of a resource: a number, or digits with a decimal (m, k, M, G, …) or binary (Ki, Mi, Gi, …) suffix.',
    oneOf: [{ type: 'string' }, { type: 'number' }],
  },
  [INT_OR_STRING]: {
    description: 'A number, or a string such as a name or a percentage.',
    format: 'int-or-string',
    oneOf: [{ type: 'integer' }, { type: 'string' }],
  },
  [TIME]: { description: 'A time in RFC 3339, in whole seconds.', type: 'string', format: 'date-time' },
  [MICRO_TIME]: { description: 'A time in RFC 3339, with microseconds.', type: 'string', format: 'date-time' },
};

/** The component of a class. */
export function classSchema(schema: SchemaClass, nameOf: NameOf): JsonSchema {
  const fields = [...fieldsOf(schema).values()];
  const required = fields.filter((field) => !field.optional).map((field) => field.name);
  const { doc, atomic } = schemaFactsOf(schema);
  return {
    ...(doc && { description: doc }),
    type: 'object',
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field, nameOf)])),
    ...(atomic && { 'x-kubernetes-map-type': 'atomic' as const }),
  };
}

export function refTo(component: string): JsonSchema {
  return { $ref: `#/components/schemas/${component}` };
}

function fieldSchema(field: FieldFacts, nameOf: NameOf): JsonSchema {
  const { doc, type, patchMergeKey, patchStrategy } = field;
  return {
    description: doc,
    ...(field.default !== undefined && { default: field.default }),
    ...inline(typeSchema(type, nameOf)),
    ...(type.is === 'list' && listExtensions(type)),
    ...(patchMergeKey && { 'x-kubernetes-patch-merge-key': patchMergeKey }),
    ...(patchStrategy && { 'x-kubernetes-patch-strategy': patchStrategy }),
  };
}

/** OpenAPI 3.0 ignores what stands beside a `$ref`, so a reference with company goes into `allOf`. */
function inline(schema: JsonSchema): JsonSchema {
  return schema.$ref ? { allOf: [schema] } : schema;
}

function listExtensions({ listType, listMapKeys }: ListFieldType): JsonSchema {
  return { 'x-kubernetes-list-type': listType, ...(listMapKeys && { 'x-kubernetes-list-map-keys': listMapKeys }) };
}

function typeSchema(type: FieldType, nameOf: NameOf): JsonSchema {
  switch (type.is) {
    case 'string':
      return present({
        type: 'string',
        enum: type.enum,
        pattern: type.pattern?.source,
        minLength: type.minLength,
        maxLength: type.maxLength,
      });
    case 'integer':
      return present({ type: 'integer', format: `int${type.bits}`, minimum: type.min, maximum: type.max });
    case 'number':
      return present({ type: 'number', format: 'double', minimum: type.min, maximum: type.max });
    case 'boolean':
      return { type: 'boolean' };
    case 'duration':
      return { type: 'string' };
    case 'bytes':
      return { type: 'string', format: 'byte' };
    case 'quantity':
      return refTo(QUANTITY);
    case 'intOrString':
      return refTo(INT_OR_STRING);
    case 'time':
      return refTo(TIME);
    case 'microTime':
      return refTo(MICRO_TIME);
    case 'any':
      return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    case 'object':
      return refTo(nameOf(type.of()));
    case 'list':
      return present({
        type: 'array',
        items: typeSchema(type.items, nameOf),
        minItems: type.minItems,
        maxItems: type.maxItems,
      });
    case 'map':
      return { type: 'object', additionalProperties: typeSchema(type.values, nameOf) };
  }
}

function present(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}
