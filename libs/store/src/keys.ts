/**
 * The whole tree of keys:
 *
 * ```
 * /gantry/<group, or core>/<resource>/<namespace, or _>/<name>     one object, JSON
 *
 * /gantry/core/pods/default/front-6d9f7-x7k2p
 * /gantry/core/nodes/_/node-1
 * /gantry/apps/deployments/default/front
 * /gantry/coordination.k8s.io/leases/gantry-system/scheduler
 * ```
 *
 * The version is not part of a key: an object is one object, whatever version of its API it is read through.
 * `_` is no valid namespace name, so cluster-scoped objects can't collide with namespaced ones.
 */
export const ROOT = '/gantry/';

const CLUSTER_SCOPE = '_';

/** What every key of a resource starts with; narrowed to a namespace when given. Ends with a slash. */
export function resourcePrefix(group: string, resource: string, namespace?: string): string {
  const prefix = `${ROOT}${group || 'core'}/${resource}/`;
  return namespace === undefined ? prefix : `${prefix}${namespace || CLUSTER_SCOPE}/`;
}

/** The key of one object; an empty or absent namespace means cluster-scoped. */
export function objectKey(group: string, resource: string, namespace: string | undefined, name: string): string {
  return resourcePrefix(group, resource, namespace ?? '') + name;
}

/** The parts of an object's key, or undefined for a key outside the tree. */
export function parseKey(
  key: string,
): { group: string; resource: string; namespace: string; name: string } | undefined {
  if (!key.startsWith(ROOT)) return undefined;
  const [group, resource, namespace, name, ...rest] = key.slice(ROOT.length).split('/');
  if (!group || !resource || !namespace || !name || rest.length > 0) return undefined;
  return {
    group: group === 'core' ? '' : group,
    resource,
    namespace: namespace === CLUSTER_SCOPE ? '' : namespace,
    name,
  };
}
