import { checkFields, validate, validateUpdate } from '.';
import { fieldErrorMessage } from '../errors';
import { Int, ListOf, MapOf, Obj, Str } from '../fields';
import { Kind, kindOf } from '../kind';
import { KubeObject, NamespacedObject } from '../meta';
import type { ObjectMeta } from '../meta';

class Port {
  @Str({ doc: 'Name.', format: 'portName' }) name!: string;
  @Int({ doc: 'Number.', min: 1, max: 65535 }) port!: number;
}

class WidgetSpec {
  @Int({ doc: 'How many.', optional: true, min: 0 }) replicas?: number;
  @Str({ doc: 'Colour.', enum: ['red', 'blue'], immutable: true }) colour!: 'red' | 'blue';
  @Str({ doc: 'Code.', optional: true, pattern: /^[A-Z]+$/, minLength: 2, maxLength: 4 }) code?: string;
  @ListOf(() => Port, { doc: 'Ports.', optional: true, maxItems: 2 }) ports?: Port[];
  @MapOf('string', { doc: 'Data.', optional: true, keyFormat: 'configKey' }) data?: Record<string, string>;
  @Str({ doc: 'May be empty.', default: '' }) note!: string;
}

@Kind<Widget>({
  group: 'apps',
  version: 'v1',
  plural: 'widgets',
  strategy: { validateUpdate: () => [{ type: 'FieldValueForbidden', field: 'spec', body: 'asked' }] },
})
class Widget extends NamespacedObject {
  @Obj(() => WidgetSpec, { doc: 'Wanted.' }) spec!: WidgetSpec;
}

@Kind<Place>({ group: '', version: 'v1', plural: 'places', nameFormat: 'pathSegment' })
class Place extends KubeObject {}

const spec: WidgetSpec = { colour: 'red', note: '' };
const metadata: ObjectMeta & { namespace: string } = {
  name: 'x',
  namespace: 'default',
  uid: '1',
  resourceVersion: '1',
  creationTimestamp: 't',
};
const widget = (over: { spec?: object; metadata?: Partial<ObjectMeta> }): Widget => ({
  apiVersion: 'apps/v1',
  kind: 'Widget',
  metadata: { ...metadata, ...(over.metadata as object) },
  spec: { ...spec, ...over.spec },
});
const messages = (object: Widget) => validate(kindOf(Widget), object).map(fieldErrorMessage);

describe('fields', () => {
  it.each<[object, string[]]>([
    [{}, []],
    [{ replicas: -1 }, ['spec.replicas: Invalid value: -1: must be greater than or equal to 0']],
    [{ colour: undefined }, ['spec.colour: Required value']],
    [{ colour: '' }, ['spec.colour: Required value']],
    [{ colour: 'green' }, ['spec.colour: Unsupported value: "green": supported values: "red", "blue"']],
    [{ code: '' }, []],
    [{ code: 'A' }, ['spec.code: Invalid value: "A": should be at least 2 chars long']],
    [{ code: 'ÄÖ' }, ['spec.code: Invalid value: "ÄÖ": should match \'^[A-Z]+$\'']],
    [{ code: 'ABCDE' }, ['spec.code: Too long: may not be more than 4 bytes']],
    [
      {
        ports: [
          { name: 'a', port: 1 },
          { name: 'b', port: 0 },
        ],
      },
      ['spec.ports[1].port: Invalid value: 0: must be between 1 and 65535, inclusive'],
    ],
    [{ ports: Array(3).fill({ name: 'a', port: 1 }) }, ['spec.ports: Too many: 3: must have at most 2 items']],
    [{ ports: [{ port: 1 }] }, ['spec.ports[0].name: Required value']],
    [{ data: { '..': 'x' } }, ['spec.data[..]: Invalid value: "..": must not be \'..\'']],
  ])('%j gives %j', (over, expected) => {
    expect(messages(widget({ spec: over }))).toEqual(expected);
  });

  it('are checked of any decorated class', () => {
    expect(checkFields(Port, { name: 'x', port: 70_000 })).toEqual([
      {
        type: 'FieldValueInvalid',
        field: 'port',
        body: 'Invalid value: 70000: must be between 1 and 65535, inclusive',
      },
    ]);
  });
});

describe('metadata', () => {
  it.each<[Partial<ObjectMeta>, string]>([
    [{ name: '' }, 'metadata.name: Required value: name or generateName is required'],
    [
      { name: 'A' },
      "metadata.name: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
    [{ namespace: undefined }, 'metadata.namespace: Required value'],
    [{ labels: { 'a/b/c': 'x' } }, 'metadata.labels: Invalid value: "a/b/c": a qualified name must consist of'],
    [
      { labels: { a: 'x y' } },
      'metadata.labels: Invalid value: "x y": a valid label must be an empty string or consist of',
    ],
    [
      { annotations: { a: 'x'.repeat(256 * 1024) } },
      'metadata.annotations: Too long: may not be more than 262144 bytes',
    ],
    [{ finalizers: ['orphan', 'foregroundDeletion'] }, 'cannot be both set'],
    [
      { ownerReferences: [{ apiVersion: 'v1', kind: '', name: 'x', uid: '1' }] },
      'metadata.ownerReferences[0].kind: Required value',
    ],
  ])('%j: %s', (over, message) => {
    expect(messages(widget({ metadata: over })).join()).toContain(message);
  });

  it('lets a prefix end in a dash', () => {
    expect(messages(widget({ metadata: { generateName: 'x-' } }))).toEqual([]);
  });

  it('allows one controller only', () => {
    const owner = { apiVersion: 'v1', kind: 'Pod', uid: '1', controller: true };
    const ownerReferences = [
      { ...owner, name: 'a' },
      { ...owner, name: 'b' },
    ];
    expect(messages(widget({ metadata: { ownerReferences } })).join()).toContain(
      'Found "true" in references for a and b',
    );
  });

  it('follows the scope and the name rule of the kind', () => {
    const place = (name: string, namespace?: string): Place => ({
      apiVersion: 'v1',
      kind: 'Place',
      metadata: { ...metadata, name, namespace },
    });
    const problems = (object: Place) => validate(kindOf(Place), object).map(fieldErrorMessage);
    expect(problems(place('system:Any thing'))).toEqual([]);
    expect(problems(place('a/b'))).toEqual([`metadata.name: Invalid value: "a/b": may not contain '/'`]);
    expect(problems(place('a', 'x'))).toEqual(['metadata.namespace: Forbidden: not allowed on this type']);
  });
});

describe('updates', () => {
  const changes = (over: Parameters<typeof widget>[0], old: Parameters<typeof widget>[0] = {}) =>
    validateUpdate(kindOf(Widget), widget(over), widget(old)).map(fieldErrorMessage);

  it.each<[Parameters<typeof widget>[0], string]>([
    [{ spec: { colour: 'blue' } }, 'spec.colour: Invalid value: "blue": field is immutable'],
    [{ metadata: { name: 'y' } }, 'metadata.name: Invalid value: "y": field is immutable'],
    [{ metadata: { uid: '2' } }, 'metadata.uid: Invalid value: "2": field is immutable'],
  ])('%j is refused: %s', (over, message) => {
    expect(changes(over)).toEqual([message]);
  });

  it('ask the kind only once the rest is right', () => {
    expect(changes({ spec: { replicas: 2 } })).toEqual(['spec: asked']);
  });

  it('take no new finalizers on an object that is being deleted', () => {
    const deletionTimestamp = '2026-01-01T00:00:00Z';
    const after = { metadata: { deletionTimestamp, finalizers: ['a/b'] } };
    expect(changes(after, { metadata: { deletionTimestamp } })).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a/b"}',
    ]);
  });
});
