import fc from 'fast-check';
import { applyJsonPatch, applyMergePatch, applyStrategicPatch } from '.';
import { Deployment, Pod, Service } from '../kinds';
import { cloneJson, equalJson } from '../json';

describe('JSON patch', () => {
  const document = { a: { b: [1, 2] }, 'x/y': 1 };

  it.each<[string, object[], unknown]>([
    ['add', [{ op: 'add', path: '/a/c', value: 3 }], { a: { b: [1, 2], c: 3 }, 'x/y': 1 }],
    ['add to the end of a list', [{ op: 'add', path: '/a/b/-', value: 3 }], { a: { b: [1, 2, 3] }, 'x/y': 1 }],
    ['insert into a list', [{ op: 'add', path: '/a/b/1', value: 9 }], { a: { b: [1, 9, 2] }, 'x/y': 1 }],
    ['remove', [{ op: 'remove', path: '/x~1y' }], { a: { b: [1, 2] } }],
    ['replace', [{ op: 'replace', path: '/a/b/0', value: 5 }], { a: { b: [5, 2] }, 'x/y': 1 }],
    ['move', [{ op: 'move', from: '/a/b', path: '/b' }], { a: {}, b: [1, 2], 'x/y': 1 }],
    ['copy', [{ op: 'copy', from: '/x~1y', path: '/z' }], { a: { b: [1, 2] }, 'x/y': 1, z: 1 }],
    ['a test that holds', [{ op: 'test', path: '/a/b', value: [1, 2] }], document],
    ['the whole document', [{ op: 'replace', path: '', value: { n: 1 } }], { n: 1 }],
    ['null', [{ op: 'add', path: '/n', value: null }], { ...document, n: null }],
  ])('%s', (_, patch, result) => {
    const before = cloneJson(document);
    expect(applyJsonPatch(document, patch)).toEqual(result);
    expect(document).toEqual(before);
  });

  it.each<[string, unknown, number, string]>([
    ['no list', {}, 400, 'must be a list'],
    ['an unknown operation', [{ op: 'push', path: '/a' }], 400, 'operation 0: unknown op "push"'],
    ['no path', [{ op: 'remove' }], 400, 'path must be a JSON pointer'],
    ['no value', [{ op: 'add', path: '/a' }], 400, 'value is missing'],
    ['a failed test', [{ op: 'test', path: '/a/b', value: [] }], 422, 'test operation at "/a/b"'],
    ['a missing target', [{ op: 'remove', path: '/nope' }], 422, 'remove operation at "/nope"'],
    ['an index beyond the end', [{ op: 'add', path: '/a/b/7', value: 1 }], 422, 'add operation at "/a/b/7"'],
    ['too many operations', new Array(10_001).fill({ op: 'test', path: '', value: 1 }), 413, '10000, got 10001'],
  ])('refuses %s', (_, patch, code, message) => {
    expect(() => applyJsonPatch(document, patch)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }) as Error,
    );
  });
});

describe('merge patch', () => {
  // Appendix A of RFC 7386.
  it.each<[unknown, unknown, unknown]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j gives %j', (document, patch, result) => {
    expect(applyMergePatch(document, patch)).toEqual(result);
  });

  it('is idempotent and leaves the document alone', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (document, patch) => {
        const before = JSON.stringify(document);
        const once = applyMergePatch(document, patch);
        expect(equalJson(applyMergePatch(once, patch), once)).toBe(true);
        expect(JSON.stringify(document)).toBe(before);
      }),
    );
  });
});

const pod = () => ({
  metadata: { name: 'p', labels: { a: '1', b: '2' }, finalizers: ['x/one', 'x/two'] },
  spec: {
    containers: [
      { name: 'front', image: 'front:1', command: ['a', 'b'], env: [{ name: 'A', value: '1' }] },
      { name: 'side', image: 'side:1' },
    ],
    volumes: [{ name: 'data', emptyDir: {} }],
    tolerations: [{ key: 'k' }],
  },
});

const names = (items: { name: string }[]) => items.map((item) => item.name);
const patched = (patch: object) => applyStrategicPatch(Pod, pod(), patch) as ReturnType<typeof pod>;

describe('strategic merge patch', () => {
  it('merges list items by their key', () => {
    const { containers } = patched({ spec: { containers: [{ name: 'side', image: 'side:2' }] } }).spec;
    expect(containers.find(({ name }) => name === 'side')).toEqual({ name: 'side', image: 'side:2' });
    expect(containers.find(({ name }) => name === 'front')).toEqual(pod().spec.containers[0]);
  });

  it('merges nested keyed lists, and replaces lists of scalars', () => {
    const { containers } = patched({
      spec: { containers: [{ name: 'front', command: ['c'], env: [{ name: 'B', value: '2' }] }] },
    }).spec;
    expect(containers[0]).toEqual({
      name: 'front',
      image: 'front:1',
      command: ['c'],
      env: [
        { name: 'B', value: '2' },
        { name: 'A', value: '1' },
      ],
    });
  });

  it.each<[string, object, (result: ReturnType<typeof pod>) => unknown, unknown]>([
    ['removes by null', { metadata: { labels: { a: null } } }, (p) => p.metadata.labels, { b: '2' }],
    [
      'adds new keyed items, without directives and nulls',
      {
        spec: {
          volumes: [
            { name: 'new', emptyDir: { sizeLimit: null } },
            { name: 'gone', $patch: 'delete' },
          ],
        },
      },
      (p) => p.spec.volumes,
      [
        { name: 'new', emptyDir: {} },
        { name: 'data', emptyDir: {} },
      ],
    ],
    [
      'deletes a keyed item',
      { spec: { containers: [{ name: 'front', $patch: 'delete' }] } },
      (p) => names(p.spec.containers),
      ['side'],
    ],
    [
      'replaces a keyed list',
      { spec: { containers: [{ name: 'only', image: 'o' }, { $patch: 'replace' }] } },
      (p) => p.spec.containers,
      [{ name: 'only', image: 'o' }],
    ],
    [
      'replaces an object',
      { metadata: { labels: { $patch: 'replace', c: '3' } } },
      (p) => p.metadata.labels,
      { c: '3' },
    ],
    ['empties an object', { metadata: { labels: { $patch: 'delete' } } }, (p) => p.metadata.labels, {}],
    [
      'unites lists of scalars with merge strategy',
      { metadata: { finalizers: ['x/two', 'x/three'] } },
      (p) => p.metadata.finalizers.toSorted(),
      ['x/one', 'x/three', 'x/two'],
    ],
    [
      'deletes from lists of scalars',
      { metadata: { '$deleteFromPrimitiveList/finalizers': ['x/one'] } },
      (p) => p.metadata.finalizers,
      ['x/two'],
    ],
    [
      'deletes from and orders lists of scalars',
      {
        metadata: {
          '$setElementOrder/finalizers': ['x/new', 'x/two'],
          '$deleteFromPrimitiveList/finalizers': ['x/one'],
          finalizers: ['x/new'],
        },
      },
      (p) => p.metadata.finalizers,
      ['x/new', 'x/two'],
    ],
    [
      'orders keyed lists',
      {
        spec: {
          '$setElementOrder/containers': [{ name: 'side' }, { name: 'front' }],
          containers: [{ name: 'front', image: 'front:2' }],
        },
      },
      (p) => names(p.spec.containers),
      ['side', 'front'],
    ],
    [
      'orders keyed lists without changing them',
      { spec: { '$setElementOrder/containers': [{ name: 'side' }, { name: 'front' }] } },
      (p) => names(p.spec.containers),
      ['side', 'front'],
    ],
    [
      'retains only the named keys',
      { spec: { volumes: [{ name: 'data', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/d' } }] } },
      (p) => p.spec.volumes,
      [{ name: 'data', hostPath: { path: '/d' } }],
    ],
    ['replaces atomic lists', { spec: { tolerations: [{ key: 'z' }] } }, (p) => p.spec.tolerations, [{ key: 'z' }]],
  ])('%s', (_, patch, part, expected) => {
    expect(part(patched(patch))).toEqual(expected);
  });

  it('keeps items only the server knows in their places', () => {
    const service = { spec: { ports: [{ port: 1 }, { port: 2 }, { port: 3 }] } };
    const patch = { spec: { '$setElementOrder/ports': [{ port: 3 }, { port: 9 }], ports: [{ port: 9 }] } };
    expect(applyStrategicPatch(Service, service, patch)).toEqual({
      spec: { ports: [{ port: 1 }, { port: 2 }, { port: 3 }, { port: 9 }] },
    });
  });

  it('leaves rollingUpdate behind when the strategy becomes Recreate', () => {
    const deployment = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
    expect(applyStrategicPatch(Deployment, deployment, patch)).toEqual({ spec: { strategy: { type: 'Recreate' } } });
  });

  it.each<[unknown, string]>([
    [[], 'must be an object'],
    [{ spec: { containers: [{ image: 'x' }] } }, 'does not contain declared merge key: name'],
    [{ metadata: { $patch: 'turn' } }, 'unknown patch type found: "turn"'],
    [{ spec: { volumes: [{ name: 'data', $retainKeys: ['name'], hostPath: {} }] } }, 'retainKeys'],
    [{ metadata: { '$deleteFromPrimitiveList/finalizers': 'x' } }, 'primitive list'],
    [{ metadata: { '$setElementOrder/finalizers': 'x' } }, 'setElementOrder'],
  ])('refuses %j', (patch, message) => {
    expect(() => applyStrategicPatch(Pod, pod(), patch)).toThrow(
      expect.objectContaining({ code: 400, message: expect.stringContaining(message) }) as Error,
    );
  });

  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const containers = fc.uniqueArray(fc.record({ name, image: fc.constantFrom('1', '2', '3') }), {
    selector: (container) => container.name,
    maxLength: 5,
  });
  const labels = fc.dictionary(name, fc.constantFrom('1', '2'), { maxKeys: 3 });
  const documents = fc.record({ metadata: fc.record({ labels }), spec: fc.record({ containers }) });
  type Document = typeof documents extends fc.Arbitrary<infer D> ? D : never;

  /** The patch that `kubectl` would send to get from one object to another. */
  function difference(from: Document, to: Document): object {
    const gone = from.spec.containers.filter(({ name }) => !names(to.spec.containers).includes(name));
    const removed = Object.keys(from.metadata.labels).map((key) => [key, null]);
    return {
      metadata: { labels: { ...Object.fromEntries(removed), ...to.metadata.labels } },
      spec: {
        '$setElementOrder/containers': to.spec.containers.map(({ name }) => ({ name })),
        containers: [...to.spec.containers, ...gone.map(({ name }) => ({ name, $patch: 'delete' }))],
      },
    };
  }

  it('reaches the object that a difference was made for, and stays there', () => {
    fc.assert(
      fc.property(documents, documents, (from, to) => {
        const patch = difference(from, to);
        const reached = applyStrategicPatch(Pod, from, patch);
        expect(reached).toEqual(to);
        expect(applyStrategicPatch(Pod, reached, patch)).toEqual(to);
      }),
    );
  });

  it('changes nothing by an empty patch or by the object itself', () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(applyStrategicPatch(Pod, document, {})).toEqual(document);
        expect(applyStrategicPatch(Pod, document, document)).toEqual(document);
        expect(applyStrategicPatch(Pod, {}, document)).toEqual(document);
      }),
    );
  });
});
