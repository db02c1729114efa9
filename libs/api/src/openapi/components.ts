import { fieldsOf, schemaFactsOf, schemaName } from '../fields';
import type { FieldType, SchemaClass } from '../fields';
import { groupsOf } from '../discovery';
import type { KindInfo, KindRegistry } from '../kind';
import { DeleteOptions } from '../meta';
import { META_PACKAGE } from '../meta/package';
import type { JsonSchema } from './document';
import { classSchema, refTo, valueSchemas } from './schema';

/**
 * The component names of all classes that the registry's kinds reach. A class that names no package belongs to the
 * first kind that reaches it, core first: so PodSpec is core's, though Deployments contain one too.
 */
export function componentNames(registry: KindRegistry): Map<SchemaClass, string> {
  const names = new Map<SchemaClass, string>();
  for (const { versions } of groupsOf(registry)) {
    for (const kind of versions.flatMap((version) => version.kinds)) claim(kind.schema, packageOf(kind), names);
  }
  claim(DeleteOptions, META_PACKAGE, names);
  return names;
}

/** `io.k8s.api.apps.v1`; groups of other people are turned around: `dev.gantry.example.v1`. */
export function packageOf({ group, version }: Pick<KindInfo, 'group' | 'version'>): string {
  if (group === '') return `io.k8s.api.core.${version}`;
  if (!group.includes('.') || group.endsWith('.k8s.io')) return `io.k8s.api.${group.split('.')[0]!}.${version}`;
  return `${group.split('.').reverse().join('.')}.${version}`;
}

/** The components that a group and version's documents refer to, kinds and their lists included. */
export function componentsOf(kinds: readonly KindInfo[], names: Map<SchemaClass, string>): Record<string, JsonSchema> {
  const nameOf = (schema: SchemaClass) => names.get(schema)!;
  const reached = new Set<SchemaClass>();
  for (const { schema } of kinds) reach(schema, reached);
  reach(DeleteOptions, reached);
  const schemas = [...reached].map((schema): [string, JsonSchema] => [nameOf(schema), classSchema(schema, nameOf)]);
  const components: Record<string, JsonSchema> = { ...valueSchemas, ...listMeta, ...Object.fromEntries(schemas) };
  for (const kind of kinds) {
    const { group, version } = kind;
    const name = nameOf(kind.schema);
    components[name] = {
      ...components[name]!,
      'x-kubernetes-group-version-kind': [{ group, version, kind: kind.kind }],
    };
    if (kind.verbs.includes('list')) components[`${name}List`] = listSchema(kind, name);
  }
  return Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const LIST_META = `${META_PACKAGE}.ListMeta`;

const listMeta: Record<string, JsonSchema> = {
  [LIST_META]: {
    description: 'Metadata of a list.',
    type: 'object',
    properties: {
      continue: { description: 'Hand it back to get the next page.', type: 'string' },
      remainingItemCount: { description: 'Items after this page.', type: 'integer', format: 'int64' },
      resourceVersion: { description: 'The version at which the list was read.', type: 'string' },
    },
  },
};

function listSchema({ group, version, kind }: KindInfo, component: string): JsonSchema {
  return {
    description: `A list of ${kind} objects.`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { description: 'Group and version of the schema of this object.', type: 'string' },
      kind: { description: 'The resource this object represents.', type: 'string' },
      metadata: { description: 'Metadata of the list.', allOf: [refTo(LIST_META)] },
      items: { description: 'The objects.', type: 'array', items: refTo(component) },
    },
    'x-kubernetes-group-version-kind': [{ group, version, kind: `${kind}List` }],
  };
}

function claim(schema: SchemaClass, owner: string, names: Map<SchemaClass, string>): void {
  if (names.has(schema)) return;
  names.set(schema, `${schemaFactsOf(schema).package ?? owner}.${schemaName(schema)}`);
  for (const embedded of embeddedIn(schema)) claim(embedded, owner, names);
}

function reach(schema: SchemaClass, reached: Set<SchemaClass>): void {
  if (reached.has(schema)) return;
  reached.add(schema);
  for (const embedded of embeddedIn(schema)) reach(embedded, reached);
}

function embeddedIn(schema: SchemaClass): SchemaClass[] {
  return [...fieldsOf(schema).values()].flatMap((field) => classIn(field.type) ?? []);
}

function classIn(type: FieldType): SchemaClass | undefined {
  if (type.is === 'object') return type.of();
  if (type.is === 'list') return classIn(type.items);
  return type.is === 'map' ? classIn(type.values) : undefined;
}
