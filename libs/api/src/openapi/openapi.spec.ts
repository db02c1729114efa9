import { openApiDocuments } from '.';
import type { JsonSchema } from '.';
import { Amount, AnyJson, Int, IntOrString, ListOf, MapOf, Obj, Schema, Str } from '../fields';
import { Kind, KindRegistry } from '../kind';
import { LabelSelector, NamespacedObject } from '../meta';

@Schema({ doc: 'A part of a thing.' })
class Part {
  @Str({ doc: 'Name.' }) name!: string;
  @IntOrString({ doc: 'Port.', optional: true }) port?: number | string;
}

class ThingSpec {
  @ListOf(() => Part, {
    doc: 'Parts.',
    optional: true,
    listMapKeys: ['name'],
    patchMergeKey: 'name',
    patchStrategy: 'merge',
  })
  parts?: Part[];
  @Int({ doc: 'How many.', min: 0, default: 1 }) count!: number;
  @MapOf('quantity', { doc: 'Limits.', optional: true }) limits?: Record<string, string>;
  @Amount({ doc: 'Size.', optional: true }) size?: string;
  @Str({ doc: 'Colour.', enum: ['red', 'blue'] }) colour!: 'red' | 'blue';
  @AnyJson({ doc: 'Anything.', optional: true }) any?: unknown;
}

@Schema({ doc: 'A thing.' })
@Kind<Thing>({ group: '', version: 'v1', plural: 'things', status: true })
class Thing extends NamespacedObject {
  @Obj(() => ThingSpec, { doc: 'Wanted.' }) spec!: ThingSpec;
}

class WidgetSpec {
  @Obj(() => LabelSelector, { doc: 'Which.' }) selector!: LabelSelector;
  @Obj(() => ThingSpec, { doc: 'The thing.' }) thing!: ThingSpec;
}

@Kind<Widget>({ group: 'apps', version: 'v1', plural: 'widgets' })
class Widget extends NamespacedObject {
  @Obj(() => WidgetSpec, { doc: 'Wanted.' }) spec!: WidgetSpec;
}

@Kind<Gadget>({ group: 'example.gantry.dev', version: 'v1', plural: 'gadgets', verbs: ['get'] })
class Gadget extends NamespacedObject {}

const documents = openApiDocuments(new KindRegistry([Widget, Gadget, Thing]), '1.0');
const core = documents.get('api/v1')!;
const apps = documents.get('apis/apps/v1')!;

it('makes a document per group and version', () => {
  expect([...documents.keys()].sort()).toEqual(['api/v1', 'apis/apps/v1', 'apis/example.gantry.dev/v1']);
});

describe('components', () => {
  it('are named as clients know them, core owning what core reaches', () => {
    expect(Object.keys(apps.components.schemas)).toEqual([
      'io.k8s.api.apps.v1.Widget',
      'io.k8s.api.apps.v1.WidgetList',
      'io.k8s.api.apps.v1.WidgetSpec',
      'io.k8s.api.core.v1.Part',
      'io.k8s.api.core.v1.ThingSpec',
      'io.k8s.apimachinery.pkg.api.resource.Quantity',
      'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
      'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector',
      'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement',
      'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta',
      'io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry',
      'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime',
      'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
      'io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference',
      'io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions',
      'io.k8s.apimachinery.pkg.apis.meta.v1.Time',
      'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
    ]);
    expect(documents.get('apis/example.gantry.dev/v1')!.components.schemas).toHaveProperty([
      'dev.gantry.example.v1.Gadget',
    ]);
  });

  it('say the fields with their limits and merge keys', () => {
    const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
    expect(core.components.schemas['io.k8s.api.core.v1.ThingSpec']).toEqual({
      type: 'object',
      required: ['colour'],
      properties: {
        parts: {
          description: 'Parts.',
          type: 'array',
          items: ref('io.k8s.api.core.v1.Part'),
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          'x-kubernetes-patch-merge-key': 'name',
          'x-kubernetes-patch-strategy': 'merge',
        },
        count: { description: 'How many.', default: 1, type: 'integer', format: 'int32', minimum: 0 },
        limits: {
          description: 'Limits.',
          type: 'object',
          additionalProperties: ref('io.k8s.apimachinery.pkg.api.resource.Quantity'),
        },
        size: { description: 'Size.', allOf: [ref('io.k8s.apimachinery.pkg.api.resource.Quantity')] },
        colour: { description: 'Colour.', type: 'string', enum: ['red', 'blue'] },
        any: { description: 'Anything.', type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    });
  });

  it('say which kind they are', () => {
    expect(core.components.schemas['io.k8s.api.core.v1.Thing']).toMatchObject({
      description: 'A thing.',
      required: ['spec'],
      'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Thing' }],
    });
    expect(apps.components.schemas['io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector']).toMatchObject({
      'x-kubernetes-map-type': 'atomic',
    });
  });

  it('refer only to components of the same document', () => {
    for (const document of documents.values()) {
      const refs = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
        (match) => match[1]!,
      );
      expect(refs.filter((name) => !(name in document.components.schemas))).toEqual([]);
    }
  });
});

describe('paths', () => {
  it('are those of the verbs that the kind has', () => {
    expect(
      Object.entries(core.paths).map(([path, item]) => [path, Object.keys(item).filter((key) => key !== 'parameters')]),
    ).toEqual([
      ['/api/v1/namespaces/{namespace}/things', ['get', 'post', 'delete']],
      ['/api/v1/namespaces/{namespace}/things/{name}', ['get', 'put', 'patch', 'delete']],
      ['/api/v1/things', ['get']],
      ['/api/v1/namespaces/{namespace}/things/{name}/status', ['get', 'put', 'patch']],
    ]);
    expect(Object.keys(documents.get('apis/example.gantry.dev/v1')!.paths)).toEqual([
      '/apis/example.gantry.dev/v1/namespaces/{namespace}/gadgets/{name}',
    ]);
  });

  it('declare what kubectl looks for before it relies on the server', () => {
    const patch = apps.paths['/apis/apps/v1/namespaces/{namespace}/widgets/{name}']!.patch!;
    expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: 'apps', version: 'v1', kind: 'Widget' });
    expect(patch.parameters!.map((parameter) => parameter.name)).toEqual(
      expect.arrayContaining(['fieldValidation', 'dryRun']),
    );
    expect(Object.keys(patch.requestBody!.content)).toContain('application/strategic-merge-patch+json');
  });

  it('have unique operation ids', () => {
    const ids = Object.values(core.paths).flatMap(({ parameters, ...item }) =>
      Object.values(item as Record<string, { operationId: string }>).map((operation) => operation.operationId),
    );
    expect(ids).toContain('listCoreV1NamespacedThingForAllNamespaces');
    expect(new Set(ids).size).toBe(ids.length);
  });
});

it('writes plain JSON', () => {
  const schema: JsonSchema = core.components.schemas['io.k8s.api.core.v1.Part']!;
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
});
