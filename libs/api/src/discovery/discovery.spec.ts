import { aggregatedDiscovery, apiGroup, apiGroupList, apiResourceList, apiVersions, compareVersions } from '.';
import { Kind, KindRegistry } from '../kind';
import { KubeObject, NamespacedObject } from '../meta';

@Kind<Thing>({
  group: '',
  version: 'v1',
  plural: 'things',
  shortNames: ['th'],
  status: true,
  subresources: [{ name: 'eviction', kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] }],
})
class Thing extends NamespacedObject {}

@Kind<Widget>({
  group: 'apps',
  version: 'v1',
  plural: 'widgets',
  categories: ['all'],
  scale: { spec: 'spec.n', status: 'status.n' },
})
class Widget extends NamespacedObject {}

@Kind<Gadget>({ group: 'apps', version: 'v1beta1', plural: 'gadgets' })
class Gadget extends KubeObject {}

const registry = new KindRegistry([Gadget, Widget, Thing]);

it('lists the versions of core', () => {
  expect(apiVersions(registry, '10.0.0.1:6443')).toEqual({
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '10.0.0.1:6443' }],
  });
});

it('lists the other groups, the stable version preferred', () => {
  const apps = {
    name: 'apps',
    versions: [
      { groupVersion: 'apps/v1', version: 'v1' },
      { groupVersion: 'apps/v1beta1', version: 'v1beta1' },
    ],
    preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
  };
  expect(apiGroupList(registry).groups).toEqual([apps]);
  expect(apiGroup(registry, 'apps')).toEqual({ kind: 'APIGroup', apiVersion: 'v1', ...apps });
  expect(apiGroup(registry, '')).toBeUndefined();
});

it('lists resources with their subresources', () => {
  expect(apiResourceList(registry, '', 'v1')!.resources).toEqual([
    expect.objectContaining({
      name: 'things',
      singularName: 'thing',
      namespaced: true,
      kind: 'Thing',
      shortNames: ['th'],
    }),
    { name: 'things/status', singularName: '', namespaced: true, kind: 'Thing', verbs: ['get', 'patch', 'update'] },
    {
      name: 'things/eviction',
      singularName: '',
      namespaced: true,
      group: 'policy',
      version: 'v1',
      kind: 'Eviction',
      verbs: ['create'],
    },
  ]);
  expect(apiResourceList(registry, 'apps', 'v2')).toBeUndefined();
});

it('tells everything at once, core and the rest apart', () => {
  expect(aggregatedDiscovery(registry, 'api').items.map((group) => group.metadata.name)).toEqual([undefined]);
  const [apps] = aggregatedDiscovery(registry, 'apis').items;
  expect(apps!.versions.map((version) => version.version)).toEqual(['v1', 'v1beta1']);
  expect(apps!.versions[0]!.resources).toEqual([
    {
      resource: 'widgets',
      responseKind: { group: 'apps', version: 'v1', kind: 'Widget' },
      scope: 'Namespaced',
      singularResource: 'widget',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      categories: ['all'],
      subresources: [
        {
          subresource: 'scale',
          responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
          verbs: ['get', 'patch', 'update'],
        },
      ],
    },
  ]);
});

it('follows kinds that come and go', () => {
  const changing = new KindRegistry([Thing, Widget]);
  const before = changing.version;
  changing.unregister({ group: 'apps', version: 'v1', resource: 'widgets' });
  expect(apiGroupList(changing).groups).toEqual([]);
  expect(changing.version).toBeGreaterThan(before);
  expect(changing.byKind('apps/v1', 'Widget')).toBeUndefined();
});

it('prefers stable versions, later ones, and known shapes', () => {
  const versions = ['foo', 'v1alpha1', 'v2beta1', 'v1', 'v10', 'v2', 'v2beta2', 'bar'];
  expect(versions.sort(compareVersions)).toEqual(['v10', 'v2', 'v1', 'v2beta2', 'v2beta1', 'v1alpha1', 'bar', 'foo']);
});
