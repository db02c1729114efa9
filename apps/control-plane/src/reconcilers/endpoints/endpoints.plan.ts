import { createHash } from 'node:crypto';
import { Selector, type Endpoints, type EndpointSlice, type Pod, type Service } from '@gantry/api';
import { isReady } from '../pods/pod-facts';

/** At most so many endpoints a slice, as Kubernetes' own default. */
export const SLICE_SIZE = 100;
export const MANAGER = 'endpointslice-controller.k8s.io';
const SERVICE_NAME = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';

type Endpoint = EndpointSlice['endpoints'][number];
type SlicePort = NonNullable<EndpointSlice['ports']>[number];

/** The slices and the Endpoints object of a service; names are derived, so that repeating makes nothing twice. */
export interface EndpointsPlan {
  slices: EndpointSlice[];
  endpoints: Endpoints;
}

/** The pods a service sends to, as the objects that say so. Undefined for services whose endpoints others keep. */
export function planEndpoints(service: Service, pods: readonly Pod[]): EndpointsPlan | undefined {
  const { selector, type } = service.spec;
  if (!selector || Object.keys(selector).length === 0 || type === 'ExternalName') return undefined;
  const matching = Selector.ofLabels(selector);
  const serving = pods
    .filter((pod) => matching.matches(pod.metadata.labels) && pod.status.podIP && !hasEnded(pod))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const groups = groupByPorts(service, serving);
  return { slices: groups.flatMap((group) => slicesOf(service, group)), endpoints: endpointsOf(service, groups) };
}

interface PortGroup {
  ports: SlicePort[];
  pods: Pod[];
}

// Pods of different revisions may give a named port different numbers: pods with the same numbers share slices.
function groupByPorts(service: Service, pods: Pod[]): PortGroup[] {
  const groups = new Map<string, PortGroup>();
  for (const pod of pods) {
    const ports = resolvePorts(service, pod);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, pods: [] };
    groups.set(key, group);
    group.pods.push(pod);
  }
  return [...groups.values()];
}

function resolvePorts(service: Service, pod: Pod): SlicePort[] {
  return (service.spec.ports ?? []).flatMap(({ name = '', protocol = 'TCP', appProtocol, targetPort, port }) => {
    const number = typeof targetPort === 'string' ? namedPort(pod, targetPort, protocol) : (targetPort ?? port);
    return number ? [{ name, protocol, port: number, ...(appProtocol ? { appProtocol } : {}) }] : [];
  });
}

function namedPort(pod: Pod, name: string, protocol: string): number | undefined {
  const ports = pod.spec.containers.flatMap((container) => container.ports ?? []);
  return ports.find((port) => port.name === name && (port.protocol ?? 'TCP') === protocol)?.containerPort;
}

function slicesOf(service: Service, { ports, pods }: PortGroup): EndpointSlice[] {
  const slices: EndpointSlice[] = [];
  for (let first = 0; first < pods.length; first += SLICE_SIZE) {
    const endpoints = pods.slice(first, first + SLICE_SIZE).map((pod) => endpointOf(service, pod));
    slices.push(slice(service, suffix(ports, first / SLICE_SIZE), ports, endpoints));
  }
  return slices;
}

function suffix(ports: SlicePort[], index: number): string {
  return createHash('sha256')
    .update(JSON.stringify([ports, index]))
    .digest('hex')
    .slice(0, 5);
}

function slice(service: Service, end: string, ports: SlicePort[], endpoints: Endpoint[]): EndpointSlice {
  const { name, namespace, labels } = service.metadata;
  const headless = service.spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {};
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${end}`,
      namespace,
      labels: { ...labels, [SERVICE_NAME]: name, [MANAGED_BY]: MANAGER, ...headless },
      ownerReferences: [ownerReference(service)],
    },
    addressType: 'IPv4',
    endpoints,
    ports,
  } as unknown as EndpointSlice;
}

function ownerReference({ metadata: { name, uid } }: Service): object {
  return { apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true };
}

function endpointOf(service: Service, pod: Pod): Endpoint {
  const serving = isReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const { hostname, subdomain, nodeName } = pod.spec;
  const published = service.spec.publishNotReadyAddresses === true;
  return {
    addresses: [pod.status.podIP!],
    conditions: { ready: published || (serving && !terminating), serving, terminating },
    ...(hostname && subdomain === service.metadata.name ? { hostname } : {}),
    ...(nodeName ? { nodeName } : {}),
    targetRef: targetRef(pod),
  };
}

function targetRef({ metadata: { name, namespace, uid } }: Pod): object {
  return { kind: 'Pod', name, namespace, uid };
}

function endpointsOf(service: Service, groups: PortGroup[]): Endpoints {
  const { name, namespace, labels } = service.metadata;
  const address = (pod: Pod): object => ({
    ip: pod.status.podIP!,
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: targetRef(pod),
  });
  const subsets = groups.flatMap(({ ports, pods }) => {
    const isServing = (pod: Pod): boolean => endpointOf(service, pod).conditions?.ready === true;
    const ready = pods.filter(isServing).map(address);
    const unready = pods.filter((pod) => !isServing(pod) && !pod.metadata.deletionTimestamp).map(address);
    if (ready.length + unready.length === 0) return [];
    const named = ports.map(({ name: portName, ...rest }) => (portName ? { name: portName, ...rest } : rest));
    return [
      {
        ...(ready.length > 0 ? { addresses: ready } : {}),
        ...(unready.length > 0 ? { notReadyAddresses: unready } : {}),
        ports: named,
      },
    ];
  });
  const ownerReferences = [ownerReference(service)];
  const metadata = { name, namespace, ownerReferences, ...(labels ? { labels } : {}) };
  return { apiVersion: 'v1', kind: 'Endpoints', metadata, ...(subsets.length > 0 ? { subsets } : {}) } as Endpoints;
}

function hasEnded({ status: { phase } }: Pod): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}
