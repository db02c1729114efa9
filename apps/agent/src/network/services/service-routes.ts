import type { EndpointSlice, Service } from '@gantry/api';

/** Where connections to one address and port go. Addresses are nftables text: `10.244.1.2 . 8080`. */
export interface Backends {
  targets: string[];
  /** The same client address always gets the same target, while the targets stay the same (sessionAffinity ClientIP). */
  sticky: boolean;
  /** The client's address is replaced by the node's, so that answers come back through this node. */
  masquerade: boolean;
}

/** What this node's packet filter must know about the cluster's services. */
export interface ServiceRoutes {
  /** By `address . protocol . port`. */
  addresses: Map<string, Backends>;
  /** By `protocol . port`, on every address of the node. */
  nodePorts: Map<string, Backends>;
}

const MASQUERADED = true;

/** The routes that a node keeps for these services and slices. Only IPv4; services without an address have none. */
export function serviceRoutes(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
  nodeName: string,
): ServiceRoutes {
  const slicesOf = groupByService(slices);
  const routes: ServiceRoutes = { addresses: new Map(), nodePorts: new Map() };
  for (const service of services) {
    const { clusterIP } = service.spec;
    if (service.spec.type === 'ExternalName' || !clusterIP || clusterIP === 'None') continue;
    const own = slicesOf.get(`${service.metadata.namespace}/${service.metadata.name}`) ?? [];
    for (const port of service.spec.ports ?? []) addPort(routes, service, port, own, nodeName);
  }
  return routes;
}

type ServicePort = NonNullable<Service['spec']['ports']>[number];

function addPort(
  routes: ServiceRoutes,
  service: Service,
  port: ServicePort,
  slices: EndpointSlice[],
  nodeName: string,
): void {
  const { spec } = service;
  const protocol = (port.protocol ?? 'TCP').toLowerCase();
  if (protocol !== 'tcp' && protocol !== 'udp') return;
  const sticky = spec.sessionAffinity === 'ClientIP';
  const all = targets(slices, port.name ?? '', () => true);
  const local = targets(slices, port.name ?? '', (endpoint) => endpoint.nodeName === nodeName);
  const inside = spec.internalTrafficPolicy === 'Local' ? local : all;
  const keepsClient = spec.externalTrafficPolicy === 'Local';
  const outside = keepsClient ? local : all;
  if (inside.length > 0) {
    const backends = { targets: inside, sticky, masquerade: !MASQUERADED };
    routes.addresses.set(`${spec.clusterIP} . ${protocol} . ${port.port}`, backends);
  }
  if (outside.length === 0) return;
  const backends = { targets: outside, sticky, masquerade: !keepsClient };
  for (const address of externalAddresses(service)) {
    routes.addresses.set(`${address} . ${protocol} . ${port.port}`, backends);
  }
  if (port.nodePort) routes.nodePorts.set(`${protocol} . ${port.nodePort}`, backends);
}

function externalAddresses(service: Service): string[] {
  const balancers = service.status?.loadBalancer?.ingress ?? [];
  return [...(service.spec.externalIPs ?? []), ...balancers.flatMap((ingress) => ingress.ip ?? [])].filter(isIpv4);
}

type Endpoint = EndpointSlice['endpoints'][number];

// Ready endpoints; when none is ready, those that still serve while they end (KEP-1669).
function targets(slices: EndpointSlice[], portName: string, wanted: (endpoint: Endpoint) => boolean): string[] {
  const ready = new Set<string>();
  const ending = new Set<string>();
  for (const slice of slices) {
    const port = slice.ports?.find((candidate) => (candidate.name ?? '') === portName)?.port;
    if (slice.addressType !== 'IPv4' || !port) continue;
    for (const endpoint of slice.endpoints.filter(wanted)) {
      const address = `${endpoint.addresses[0]} . ${port}`;
      if (endpoint.conditions?.ready !== false) ready.add(address);
      else if (endpoint.conditions.serving && endpoint.conditions.terminating) ending.add(address);
    }
  }
  // Sorted, so that the same endpoints always make the same elements whatever the order of their slices.
  return [...(ready.size > 0 ? ready : ending)].sort();
}

function serviceOf(slice: EndpointSlice): string | undefined {
  const name = slice.metadata.labels?.['kubernetes.io/service-name'];
  return name === undefined ? undefined : `${slice.metadata.namespace}/${name}`;
}

/** Slices by the service they belong to, as `namespace/name`. */
export function groupByService(slices: readonly EndpointSlice[]): Map<string, EndpointSlice[]> {
  const groups = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const service = serviceOf(slice);
    if (service === undefined) continue;
    const group = groups.get(service);
    if (group) group.push(slice);
    else groups.set(service, [slice]);
  }
  return groups;
}

function isIpv4(address: string): boolean {
  return address.includes('.');
}
