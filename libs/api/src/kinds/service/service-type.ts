import type { ServiceSpec } from './service';

/** The cluster address of a service without one: clients get its pods' addresses from DNS. */
export const HEADLESS = 'None';

/** Whether services of this type have an address inside the cluster. */
export function hasClusterIp({ type }: ServiceSpec): boolean {
  return type !== 'ExternalName';
}

/** Whether the nodes open ports for the service. */
export function hasNodePorts({ type, allocateLoadBalancerNodePorts }: ServiceSpec): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
}

/** Whether the service is reached from outside the cluster through the nodes. */
export function isExternal({ type }: ServiceSpec): boolean {
  return type === 'NodePort' || type === 'LoadBalancer';
}
