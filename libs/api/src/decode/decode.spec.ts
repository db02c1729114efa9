import { decode, decodeOptions } from '.';
import { Amount, AnyJson, Bool, Bytes, Int, IntOrString, ListOf, MapOf, Obj, Str, Timestamp } from '../fields';
import { Kind, kindOf } from '../kind';
import { DeleteOptions, NamespacedObject } from '../meta';

class Part {
  @Str({ doc: 'Name.' }) name!: string;
  @Str({ doc: 'Value.', optional: true }) value?: string;
  @Int({ doc: 'Port.', default: 80 }) port!: number;
}

class WidgetSpec {
  @Int({ doc: 'How many.', optional: true }) replicas?: number;
  @Bool({ doc: 'Held.', optional: true }) paused?: boolean;
  @ListOf(() => Part, { doc: 'Parts.', optional: true }) parts?: Part[];
  @ListOf('string', { doc: 'Words.', optional: true }) words?: string[];
  @MapOf('quantity', { doc: 'Limits.', optional: true }) limits?: Record<string, string>;
  @MapOf('string', { doc: 'Data.', optional: true }) data?: Record<string, string>;
  @Amount({ doc: 'Size.', optional: true }) size?: string;
  @IntOrString({ doc: 'Target.', optional: true }) target?: number | string;
  @Timestamp({ doc: 'Since.', optional: true }) since?: string;
  @Bytes({ doc: 'Raw.', optional: true }) raw?: string;
  @AnyJson({ doc: 'Anything.', optional: true }) any?: unknown;
  @Obj(() => Part, { doc: 'The main part.', default: { name: 'main' } }) main!: Part;
  @Obj(() => WidgetSpec, { doc: 'A widget in it.', optional: true }) inner?: WidgetSpec;
}

@Kind<Widget>({ group: 'apps', version: 'v1', plural: 'widgets' })
class Widget extends NamespacedObject {
  @Obj(() => WidgetSpec, { doc: 'Wanted.', default: {} }) spec!: WidgetSpec;
}

const kind = kindOf(Widget);
const main = { name: 'main', port: 80 };
const specOf = (spec: unknown, fieldValidation: 'Ignore' | 'Warn' | 'Strict' = 'Strict') =>
  decode(kind, { spec }, { fieldValidation }).object.spec;

describe('decoding', () => {
  it('fills in what the kind says and sets defaults, also within defaults', () => {
    expect(decode(kind, { metadata: { name: 'x' } }).object).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Widget',
      metadata: { name: 'x' },
      spec: { main },
    });
  });

  it('gives each object its own defaults', () => {
    specOf({}).main.name = 'changed';
    expect(specOf({}).main).toEqual(main);
  });

  it.each<[string, unknown, unknown]>([
    ['drops nulls', { replicas: null, parts: null }, {}],
    [
      'makes null items and entries zero, as Go does',
      { words: ['a', null], data: { a: null } },
      { words: ['a', ''], data: { a: '' } },
    ],
    ['keeps nulls in free-form JSON', { any: { a: null } }, { any: { a: null } }],
    ['sets defaults in items', { parts: [{ name: 'a' }] }, { parts: [{ name: 'a', port: 80 }] }],
    [
      'reads quantities from numbers',
      { limits: { cpu: 0.5, memory: '1024Mi' }, size: 2 },
      { limits: { cpu: '500m', memory: '1Gi' }, size: '2' },
    ],
    ['takes a number or a string', { target: 'http' }, { target: 'http' }],
    ['turns times to UTC seconds', { since: '2026-01-01T02:00:00.5+02:00' }, { since: '2026-01-01T00:00:00Z' }],
    ['takes line breaks out of base64', { raw: 'YWJj\nZGVm' }, { raw: 'YWJjZGVm' }],
    [
      'follows a class into itself',
      { inner: { inner: { replicas: 1 } } },
      { inner: { main, inner: { main, replicas: 1 } } },
    ],
  ])('%s', (_, spec, expected) => {
    expect(specOf(spec)).toEqual({ main, ...(expected as object) });
  });

  it('keeps a map entry called __proto__ an entry', () => {
    const { data } = specOf({ data: JSON.parse('{"__proto__":"x"}') as unknown });
    expect(Object.entries(data!)).toEqual([['__proto__', 'x']]);
  });
});

describe('values of the wrong type', () => {
  it.each<[unknown, string]>([
    [{ replicas: '3' }, 'json: cannot unmarshal string into Go struct field WidgetSpec.spec.replicas of type int32'],
    [
      { replicas: 1.5 },
      'json: cannot unmarshal number 1.5 into Go struct field WidgetSpec.spec.replicas of type int32',
    ],
    [
      { replicas: 3e9 },
      'json: cannot unmarshal number 3000000000 into Go struct field WidgetSpec.spec.replicas of type int32',
    ],
    [{ paused: 'yes' }, 'json: cannot unmarshal string into Go struct field WidgetSpec.spec.paused of type bool'],
    [
      { parts: [{ name: 'a', value: true }] },
      'json: cannot unmarshal bool into Go struct field Part.spec.parts.value of type string',
    ],
    [{ parts: {} }, 'json: cannot unmarshal object into Go struct field WidgetSpec.spec.parts of type []v1.Part'],
    [{ words: [1] }, 'json: cannot unmarshal number into Go struct field WidgetSpec.spec.words of type string'],
    [{ data: { a: 1 } }, 'json: cannot unmarshal number into Go struct field WidgetSpec.spec.data of type string'],
    [{ data: [] }, 'json: cannot unmarshal array into Go struct field WidgetSpec.spec.data of type map[string]string'],
    [{ inner: 'x' }, 'json: cannot unmarshal string into Go struct field WidgetSpec.spec.inner of type v1.WidgetSpec'],
    [{ target: true }, 'json: cannot unmarshal bool into Go struct field WidgetSpec.spec.target of type int32'],
    [{ size: 'x' }, "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    [{ raw: 'a-b=' }, 'illegal base64 data at input byte 1'],
    [{ since: 'today' }, 'parsing time "today" as "2006-01-02T15:04:05Z07:00": cannot parse it'],
    ['x', 'json: cannot unmarshal string into Go struct field Widget.spec of type v1.WidgetSpec'],
  ])('%j: %s', (spec, message) => {
    expect(() => specOf(spec)).toThrow(`Widget in version "v1" cannot be handled as a Widget: ${message}`);
  });

  it('tells the first of them, whatever the field validation', () => {
    expect(() => specOf({ nonsense: 1, replicas: 'a', paused: 'b' }, 'Ignore')).toThrow('WidgetSpec.spec.replicas');
  });

  it.each<[unknown, string]>([
    [[], 'json: cannot unmarshal array into Go value of type v1.Widget'],
    [{ kind: 'Gadget' }, 'Gadget in version "v1" cannot be handled as a Widget'],
    [{ apiVersion: 'v1' }, 'the API version in the data (v1) does not match the expected API version (apps/v1)'],
  ])('a body %j is refused: %s', (body, message) => {
    expect(() => decode(kind, body)).toThrow(message);
  });
});

describe('unknown and duplicate fields', () => {
  const body = { spec: { replica: 1, parts: [{ name: 'a', prt: 1 }], zzz: {} } };
  const problems = [
    'unknown field "spec.replica"; did you mean "spec.replicas"?',
    'unknown field "spec.parts[0].prt"; did you mean "spec.parts[0].port"?',
    'unknown field "spec.zzz"',
    'duplicate field "spec.paused"',
  ];
  const duplicates = ['spec.paused'];

  it('are refused under Strict', () => {
    expect(() => decode(kind, body, { fieldValidation: 'Strict', duplicates })).toThrow(
      `Widget in version "v1" cannot be handled as a Widget: strict decoding error: ${problems.join(', ')}`,
    );
  });

  it('are warned of by default, and dropped', () => {
    const { object, warnings } = decode(kind, body, { duplicates });
    expect(warnings).toEqual(problems);
    expect(object.spec).toEqual({ main, parts: [{ name: 'a', port: 80 }] });
  });

  it('are dropped in silence under Ignore', () => {
    const { object, warnings } = decode(kind, body, { fieldValidation: 'Ignore', duplicates });
    expect(warnings).toEqual([]);
    expect(object.spec).not.toHaveProperty('zzz');
  });
});

it('reads options, an absent body too', () => {
  expect(decodeOptions(DeleteOptions, undefined).object).toEqual({});
  expect(decodeOptions(DeleteOptions, { gracePeriodSeconds: 5 }).object).toEqual({ gracePeriodSeconds: 5 });
  expect(() => decodeOptions(DeleteOptions, { gracePeriodSeconds: 'x' })).toThrow(
    'DeleteOptions.gracePeriodSeconds of type int64',
  );
});
