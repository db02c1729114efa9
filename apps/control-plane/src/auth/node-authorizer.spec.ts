import type { Verb } from '@gantry/api';
import type { ResourceAccess } from './authorization';
import { NodeAuthorizer, type PodReferences } from './node-authorizer';
import { nodeUser } from './users';

const references: PodReferences = { secrets: new Set(['mine']), configMaps: new Set(['settings']) };
const authorizer = new NodeAuthorizer({
  nodeOf: (namespace, name) => Promise.resolve(namespace === 'a' && name === 'pod' ? 'n1' : 'n2'),
  onNode: (node, namespace) => Promise.resolve(node === 'n1' && namespace === 'a' ? [references] : []),
});

function allows(verb: Verb, resource: string, rest: Partial<ResourceAccess> = {}): Promise<boolean> {
  return authorizer.allowsResource({ user: nodeUser('n1'), verb, group: '', resource, ...rest });
}

describe('NodeAuthorizer', () => {
  it.each<[Verb, string, Partial<ResourceAccess>]>([
    ['list', 'nodes', {}],
    ['watch', 'services', {}],
    ['watch', 'endpointslices', { group: 'discovery.k8s.io' }],
    ['create', 'nodes', {}],
    ['patch', 'nodes', { name: 'n1', subresource: 'status' }],
    ['update', 'leases', { group: 'coordination.k8s.io', namespace: 'kube-node-lease', name: 'n1' }],
    ['create', 'events', { namespace: 'a' }],
    ['watch', 'pods', { fieldSelector: 'spec.nodeName=n1' }],
    ['get', 'pods', { namespace: 'a', name: 'pod' }],
    ['patch', 'pods', { namespace: 'a', name: 'pod', subresource: 'status' }],
    ['delete', 'pods', { namespace: 'a', name: 'pod' }],
    ['get', 'secrets', { namespace: 'a', name: 'mine' }],
    ['watch', 'configmaps', { namespace: 'a', fieldSelector: 'metadata.name=settings' }],
  ])('a node may %s %s %j', async (verb, resource, rest) => {
    expect(await allows(verb, resource, rest)).toBe(true);
  });

  it.each<[Verb, string, Partial<ResourceAccess>]>([
    ['patch', 'nodes', { name: 'n2' }],
    ['delete', 'nodes', { name: 'n1' }],
    ['create', 'services', { namespace: 'a' }],
    ['update', 'leases', { group: 'coordination.k8s.io', namespace: 'kube-node-lease', name: 'n2' }],
    ['update', 'leases', { group: 'coordination.k8s.io', namespace: 'kube-system', name: 'n1' }],
    ['list', 'pods', {}],
    ['watch', 'pods', { fieldSelector: 'spec.nodeName=n2' }],
    ['watch', 'pods', { fieldSelector: 'spec.nodeName!=n1' }],
    ['update', 'pods', { namespace: 'a', name: 'pod' }],
    ['create', 'pods', { namespace: 'a' }],
    ['create', 'pods', { namespace: 'a', name: 'pod', subresource: 'exec' }],
    ['get', 'pods', { namespace: 'a', name: 'other' }],
    ['list', 'secrets', {}],
    ['list', 'secrets', { namespace: 'a' }],
    ['get', 'secrets', { namespace: 'a', name: 'theirs' }],
    ['get', 'secrets', { namespace: 'b', name: 'mine' }],
    ['update', 'secrets', { namespace: 'a', name: 'mine' }],
    ['get', 'deployments', { group: 'apps', namespace: 'a', name: 'x' }],
  ])('a node may not %s %s %j', async (verb, resource, rest) => {
    expect(await allows(verb, resource, rest)).toBe(false);
  });

  it('has nothing to say about other users', async () => {
    const user = { name: 'system:node:n1', groups: ['dev'] };
    expect(await authorizer.allowsResource({ user, verb: 'list', group: '', resource: 'nodes' })).toBe(false);
  });
});
