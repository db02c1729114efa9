import { join } from 'node:path';
import { evictionKind, builtinKinds, scaleKind } from '.';
import { fieldsOf, schemaName } from '../fields';
import type { FieldType, SchemaClass } from '../fields';

/** A field as the generated client describes it, from the OpenAPI document of Kubernetes. */
interface ModelField {
  baseName: string;
  type: string;
  format: string;
}
type Model = { getAttributeTypeMap(): ModelField[] };

// The client loads slowly as a whole (some 700 models), so only the models needed are read.
const MODELS = join(process.cwd(), 'node_modules/@kubernetes/client-node/dist/gen/models');

async function modelFields(name: string): Promise<ModelField[]> {
  const module = (await import(join(MODELS, `${name}.js`))) as Record<string, Model>;
  return module[name]!.getAttributeTypeMap();
}

const scalars: Record<string, string> = {
  string: 'string',
  boolean: 'boolean',
  quantity: 'string',
  intOrString: 'IntOrString',
  time: 'Date',
  microTime: 'V1MicroTime',
  bytes: 'string',
  any: 'any',
};

/** The type that the client has for a field of ours; embedded classes by the name given for them there. */
function modelType(type: FieldType, embedded: string): string {
  switch (type.is) {
    case 'integer':
    case 'number':
      return 'number';
    case 'object':
      return embedded;
    case 'list':
      return `Array<${modelType(type.items, embedded)}>`;
    case 'map':
      return `{ [key: string]: ${modelType(type.values, embedded)}; }`;
    default:
      return scalars[type.is]!;
  }
}

const formats: Record<string, string> = {
  time: 'date-time',
  microTime: 'date-time-micro',
  intOrString: 'int-or-string',
};

function modelFormat(type: FieldType): string {
  if (type.is === 'integer') return `int${type.bits}`;
  if (type.is === 'list') return modelFormat(type.items);
  if (type.is === 'map') return modelFormat(type.values);
  return type.is === 'bytes' ? 'byte' : (formats[type.is] ?? '');
}

function embeddedClass(type: FieldType): SchemaClass | undefined {
  if (type.is === 'object') return type.of();
  if (type.is === 'list') return embeddedClass(type.items);
  return type.is === 'map' ? embeddedClass(type.values) : undefined;
}

async function compare(schema: SchemaClass, model: string, seen: Set<string>): Promise<string[]> {
  if (seen.has(model)) return [];
  seen.add(model);
  const ours = fieldsOf(schema);
  const theirs = await modelFields(model);
  const wrong = [...ours.keys()]
    .filter((name) => !theirs.some(({ baseName }) => baseName === name))
    .map((name) => `${model}.${name}: unknown to Kubernetes`);
  for (const { baseName, type, format } of theirs) {
    const facts = ours.get(baseName);
    if (!facts) {
      wrong.push(`${model}.${baseName}: missing`);
      continue;
    }
    const embedded = /(?:\w*V1)\w+/.exec(type)?.[0] ?? '';
    const child = embeddedClass(facts.type);
    const told = `${modelType(facts.type, embedded)} ${modelFormat(facts.type)}`;
    if (told !== `${type} ${format}`)
      wrong.push(`${model}.${baseName}: ${told} where Kubernetes has ${type} ${format}`);
    if (!child) continue;
    if (!embedded.endsWith(schemaName(child)))
      wrong.push(`${model}.${baseName}: ${schemaName(child)} is not ${embedded}`);
    wrong.push(...(await compare(child, embedded, seen)));
  }
  return wrong;
}

// Two versions of these kinds exist, and the client tells them apart.
const models: Record<string, string> = { Event: 'CoreV1Event' };

describe('the field set of Kubernetes, with its types', () => {
  it.each([...builtinKinds.all(), scaleKind, evictionKind].map((kind) => [kind.kind, kind.schema] as const))(
    '%s',
    async (kind, schema) => {
      expect(await compare(schema, models[kind] ?? `V1${kind}`, new Set())).toEqual([]);
    },
  );
});
