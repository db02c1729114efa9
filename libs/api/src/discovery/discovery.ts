import type { KindInfo, KindRegistry, Subresource } from '../kind';
import type {
  ApiGroup,
  ApiGroupDiscovery,
  ApiGroupDiscoveryList,
  ApiGroupList,
  ApiResource,
  ApiResourceDiscovery,
  ApiResourceList,
  ApiVersions,
  GroupVersionKind,
} from '../meta';
import { groupsOf, groupVersion } from './groups';
import type { GroupOfKinds } from './groups';

/** `GET /api`; `address` is where clients reach this server, as host:port. */
export function apiVersions(registry: KindRegistry, address: string): ApiVersions {
  const core = groupsOf(registry).find((group) => group.name === '');
  return {
    kind: 'APIVersions',
    versions: core?.versions.map(({ version }) => version) ?? [],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
  };
}

/** `GET /apis`: every group but core. */
export function apiGroupList(registry: KindRegistry): ApiGroupList {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: namedGroups(registry).map(describeGroup) };
}

/** `GET /apis/<group>`; undefined when there is no such group. */
export function apiGroup(registry: KindRegistry, name: string): ApiGroup | undefined {
  const group = namedGroups(registry).find((candidate) => candidate.name === name);
  return group && { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(group) };
}

/** `GET /api/v1` and `GET /apis/<group>/<version>`; undefined when there is no such version. */
export function apiResourceList(registry: KindRegistry, group: string, version: string): ApiResourceList | undefined {
  const kinds = registry.all().filter((kind) => kind.group === group && kind.version === version);
  if (kinds.length === 0) return undefined;
  const resources = kinds.flatMap((kind) => [
    describeResource(kind),
    ...kind.subresources.map((sub) => describeSubresource(kind, sub)),
  ]);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: groupVersion(group, version), resources };
}

/** Aggregated discovery (KEP-3352): of core for `/api`, of all other groups for `/apis`. */
export function aggregatedDiscovery(registry: KindRegistry, root: 'api' | 'apis'): ApiGroupDiscoveryList {
  const groups = groupsOf(registry).filter((group) => (group.name === '') === (root === 'api'));
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(aggregate),
  };
}

function namedGroups(registry: KindRegistry): GroupOfKinds[] {
  return groupsOf(registry).filter((group) => group.name !== '');
}

function describeGroup({ name, versions }: GroupOfKinds): ApiGroup {
  const described = versions.map(({ version }) => ({ groupVersion: groupVersion(name, version), version }));
  return { name, versions: described, preferredVersion: described[0]! };
}

function describeResource(kind: KindInfo): ApiResource {
  return {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: [...kind.verbs],
    ...(kind.shortNames.length > 0 && { shortNames: [...kind.shortNames] }),
    ...(kind.categories.length > 0 && { categories: [...kind.categories] }),
  };
}

function describeSubresource(parent: KindInfo, sub: Subresource): ApiResource {
  return {
    name: `${parent.plural}/${sub.name}`,
    singularName: '',
    namespaced: parent.namespaced,
    ...(sub.version && { group: sub.group ?? '', version: sub.version }),
    kind: sub.kind,
    verbs: [...sub.verbs],
  };
}

function aggregate({ name, versions }: GroupOfKinds): ApiGroupDiscovery {
  return {
    metadata: { ...(name && { name }), creationTimestamp: null },
    versions: versions.map(({ version, kinds }) => ({
      version,
      freshness: 'Current',
      resources: kinds.map(aggregateResource),
    })),
  };
}

function aggregateResource(kind: KindInfo): ApiResourceDiscovery {
  const subresources = kind.subresources.map((sub) => ({
    subresource: sub.name,
    responseKind: subresourceKind(kind, sub),
    verbs: [...sub.verbs],
  }));
  return {
    resource: kind.plural,
    responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: [...kind.verbs],
    ...(kind.shortNames.length > 0 && { shortNames: [...kind.shortNames] }),
    ...(kind.categories.length > 0 && { categories: [...kind.categories] }),
    ...(subresources.length > 0 && { subresources }),
  };
}

/** The group, version and kind of a subresource's body. */
export function subresourceKind(parent: KindInfo, sub: Subresource): GroupVersionKind {
  return sub.version
    ? { group: sub.group ?? '', version: sub.version, kind: sub.kind }
    : { group: parent.group, version: parent.version, kind: sub.kind };
}
