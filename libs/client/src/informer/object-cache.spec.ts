import { Selector, type KubeObject } from '@gantry/api';
import fc from 'fast-check';
import { keyText } from '../object-key';
import { ObjectCache } from './object-cache';

function thing(namespace: string, name: string, labels: Record<string, string> = {}, owner?: string): KubeObject {
  const ownerReferences = owner ? [{ apiVersion: 'v1', kind: 'Thing', name: owner, uid: owner }] : undefined;
  return { apiVersion: 'v1', kind: 'Thing', metadata: { namespace, name, labels, ownerReferences } } as KubeObject;
}

const names = (objects: KubeObject[]) => objects.map(({ metadata }) => keyText(metadata)).sort();

describe('ObjectCache', () => {
  const cache = new ObjectCache<KubeObject>();
  for (const object of [
    thing('a', 'one', { app: 'web', tier: 'front' }, 'set-1'),
    thing('a', 'two', { app: 'web' }, 'set-2'),
    thing('b', 'one', { app: 'web', tier: 'back' }, 'set-1'),
    thing('b', 'three'),
  ]) {
    cache.put(keyText(object.metadata), object);
  }

  it('finds by key, namespace, owner and label', () => {
    expect(cache.get('a/one')).toBe(cache.get({ namespace: 'a', name: 'one' }));
    expect(names(cache.inNamespace('b'))).toEqual(['b/one', 'b/three']);
    expect(names(cache.ownedBy('set-1'))).toEqual(['a/one', 'b/one']);
    expect(names(cache.selected(Selector.ofLabels({ app: 'web' }), 'a'))).toEqual(['a/one', 'a/two']);
    expect(names(cache.selected(Selector.ofLabels({ app: 'web', tier: 'back' })))).toEqual(['b/one']);
    expect(names(cache.selected(Selector.everything))).toHaveLength(4);
  });

  it('takes indexes of its users, also late', () => {
    cache.addIndex('first-letter', ({ metadata }) => [metadata.name[0]!]);
    expect(names(cache.indexed('first-letter', 'o'))).toEqual(['a/one', 'b/one']);
    expect(cache.indexed('first-letter', 'z')).toEqual([]);
    expect(() => cache.indexed('nothing', 'x')).toThrow('no index');
  });

  it('finds by any index what scanning all would find, after any changes', () => {
    const label = fc.record({ app: fc.constantFrom('x', 'y') }, { requiredKeys: [] });
    const step = fc.tuple(
      fc.constantFrom('a', 'b'),
      fc.constantFrom('1', '2', '3'),
      fc.option(label),
      fc.constantFrom('u', 'v', undefined),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const changing = new ObjectCache<KubeObject>();
        for (const [namespace, name, labels, owner] of steps) {
          if (labels) changing.put(`${namespace}/${name}`, thing(namespace, name, labels, owner));
          else changing.delete(`${namespace}/${name}`);
        }
        const all = changing.list();
        const selector = Selector.ofLabels({ app: 'x' });
        expect(names(changing.selected(selector, 'a'))).toEqual(
          names(all.filter(({ metadata }) => metadata.namespace === 'a' && metadata.labels?.['app'] === 'x')),
        );
        expect(names(changing.ownedBy('u'))).toEqual(
          names(all.filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === 'u')),
        );
        expect(names(changing.inNamespace('b'))).toEqual(
          names(all.filter(({ metadata }) => metadata.namespace === 'b')),
        );
      }),
    );
  });
});
