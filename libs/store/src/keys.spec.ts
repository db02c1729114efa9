import { objectKey, parseKey, resourcePrefix } from './keys';

describe('keys', () => {
  it.each([
    ['', 'pods', 'default', 'front', '/gantry/core/pods/default/front'],
    ['', 'nodes', '', 'node-1', '/gantry/core/nodes/_/node-1'],
    ['apps', 'deployments', 'shop', 'front', '/gantry/apps/deployments/shop/front'],
  ])('of group "%s", %s, namespace "%s", %s is %s', (group, resource, namespace, name, key) => {
    expect(objectKey(group, resource, namespace, name)).toBe(key);
    expect(parseKey(key)).toEqual({ group, resource, namespace, name });
  });

  it('of a resource are told apart from those of a resource whose name starts alike', () => {
    expect(objectKey('', 'podtemplates', 'default', 'x').startsWith(resourcePrefix('', 'pods'))).toBe(false);
    expect(objectKey('', 'pods', 'default-2', 'x').startsWith(resourcePrefix('', 'pods', 'default'))).toBe(false);
  });

  it.each(['/other/core/pods/default/x', '/gantry/core/pods/default', '/gantry/core/pods/default/a/b'])(
    'outside the tree are not parsed: %s',
    (key) => {
      expect(parseKey(key)).toBeUndefined();
    },
  );
});
