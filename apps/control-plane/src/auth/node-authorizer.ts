import type { Authorizer, ResourceAccess } from './authorization';
import { nodeNameOf } from './users';

/** The part of a pod that says what its node may read. */
export interface PodReferences {
  namespace: string;
  name: string;
  nodeName?: string;
  secrets: ReadonlySet<string>;
  configMaps: ReadonlySet<string>;
}

/** The pods as the apiserver's cache has them. */
export interface PodIndex {
  pod(namespace: string, name: string): PodReferences | undefined;
  /** Pods of one namespace bound to one node. */
  onNode(nodeName: string, namespace: string): Iterable<PodReferences>;
}

const READ = new Set(['get', 'list', 'watch']);
const WRITE = new Set(['create', 'update', 'patch']);
const READ_BY_ALL_NODES = new Set(['nodes', 'services', 'endpoints', 'namespaces', 'endpointslices.discovery.k8s.io']);
const LEASE_NAMESPACE = 'kube-node-lease';

/**
 * What a node may do: know the cluster's network, keep its own Node and Lease, run the pods bound to it, read the
 * secrets and config maps those pods name, and report events. A stolen node key opens nothing else.
 */
export class NodeAuthorizer implements Authorizer {
  constructor(private readonly pods: PodIndex) {}

  allowsPath(): boolean {
    return false;
  }

  allowsResource(access: ResourceAccess): boolean {
    const node = nodeNameOf(access.user);
    if (node === undefined) return false;
    const resource = access.group ? `${access.resource}.${access.group}` : access.resource;
    if (READ.has(access.verb) && READ_BY_ALL_NODES.has(resource)) return true;
    switch (resource) {
      case 'nodes':
        return WRITE.has(access.verb) && (access.name ?? node) === node;
      case 'leases.coordination.k8s.io':
        return (
          access.namespace === LEASE_NAMESPACE && access.verb !== 'deletecollection' && (access.name ?? node) === node
        );
      case 'events':
      case 'events.events.k8s.io':
        return WRITE.has(access.verb);
      case 'pods':
        return this.allowsPods(access, node);
      case 'secrets':
      case 'configmaps':
        return this.allowsReferenced(access, node, resource === 'secrets' ? 'secrets' : 'configMaps');
      default:
        return false;
    }
  }

  private allowsPods(access: ResourceAccess, node: string): boolean {
    if (access.verb === 'list' || access.verb === 'watch') return requires(access.fieldSelector, 'spec.nodeName', node);
    if (access.namespace === undefined || access.name === undefined) return false;
    if (this.pods.pod(access.namespace, access.name)?.nodeName !== node) return false;
    return (
      access.verb === 'get' || access.verb === 'delete' || (access.subresource === 'status' && WRITE.has(access.verb))
    );
  }

  private allowsReferenced(access: ResourceAccess, node: string, kind: 'secrets' | 'configMaps'): boolean {
    const { namespace, verb } = access;
    const name = access.name ?? required(access.fieldSelector, 'metadata.name');
    if (!READ.has(verb) || namespace === undefined || name === undefined) return false;
    for (const pod of this.pods.onNode(node, namespace)) if (pod[kind].has(name)) return true;
    return false;
  }
}

function requires(selector: string | undefined, field: string, value: string): boolean {
  return required(selector, field) === value;
}

/** The value a field selector demands of a field, if it demands one. */
function required(selector: string | undefined, field: string): string | undefined {
  for (const term of selector?.split(',') ?? []) {
    const [key, value] = term.split(/==?(.*)/s);
    if (key === field) return value;
  }
  return undefined;
}
