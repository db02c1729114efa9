import type { Authorizer, ResourceAccess } from './authorization';
import { nodeNameOf } from './users';

/** What a pod says its node may read, by name. */
export interface PodReferences {
  secrets: Set<string>;
  configMaps: Set<string>;
}

/** The pods as the apiserver knows them. */
export interface PodIndex {
  /** The node a pod is bound to. */
  nodeOf(namespace: string, name: string): Promise<string | undefined>;
  /** What the pods of one namespace that are bound to one node refer to. */
  onNode(nodeName: string, namespace: string): Promise<PodReferences[]>;
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

  async allowsResource(access: ResourceAccess): Promise<boolean> {
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

  private async allowsPods(access: ResourceAccess, node: string): Promise<boolean> {
    if (access.verb === 'list' || access.verb === 'watch') return requires(access.fieldSelector, 'spec.nodeName', node);
    if (access.namespace === undefined || access.name === undefined) return false;
    if ((await this.pods.nodeOf(access.namespace, access.name)) !== node) return false;
    return (
      access.verb === 'get' || access.verb === 'delete' || (access.subresource === 'status' && WRITE.has(access.verb))
    );
  }

  private async allowsReferenced(access: ResourceAccess, node: string, kind: keyof PodReferences): Promise<boolean> {
    const { namespace, verb } = access;
    const name = access.name ?? required(access.fieldSelector, 'metadata.name');
    if (!READ.has(verb) || namespace === undefined || name === undefined) return false;
    const references = await this.pods.onNode(node, namespace);
    return references.some((pod) => pod[kind].has(name));
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
