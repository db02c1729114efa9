import type { Strategy } from '../../kind';
import type { Service, ServicePort, ServiceSpec } from './service';
import { hasClusterIp, hasNodePorts, isExternal } from './service-type';
import { checkService, checkServiceUpdate } from './service.validation';

/** Seconds that a client stays with its pod after its last connection. */
const AFFINITY_SECONDS = 10_800;

export const serviceStrategy: Strategy<Service> = {
  applyDefaults({ spec }) {
    if (!spec) return;
    defaultAffinity(spec);
    defaultTraffic(spec);
    for (const port of spec.ports ?? []) port.targetPort ||= port.port;
    if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
    spec.clusterIP ||= spec.clusterIPs?.[0];
    if (spec.clusterIP === undefined) delete spec.clusterIP;
  },

  /** Addresses and ports that were allotted are kept when a client writes the service without them. */
  prepareForUpdate({ spec }, { spec: old }) {
    if (!spec) return;
    if (hasClusterIp(spec) && hasClusterIp(old) && old.clusterIP) {
      spec.clusterIP ||= old.clusterIP;
      spec.clusterIPs ??= old.clusterIPs;
    }
    if (hasNodePorts(spec) && hasNodePorts(old)) keepNodePorts(spec.ports, old.ports);
    if (isExternal(old) && !isExternal(spec)) dropExternalFields(spec, old);
  },

  validate({ spec }) {
    return checkService(spec);
  },

  validateUpdate({ spec }, { spec: old }) {
    return checkServiceUpdate(spec, old);
  },
};

function defaultAffinity(spec: ServiceSpec): void {
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  else spec.sessionAffinityConfig ??= { clientIP: { timeoutSeconds: AFFINITY_SECONDS } };
}

function defaultTraffic(spec: ServiceSpec): void {
  if (hasClusterIp(spec)) spec.internalTrafficPolicy ??= 'Cluster';
  if (isExternal(spec)) spec.externalTrafficPolicy ??= 'Cluster';
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
}

function keepNodePorts(ports: ServicePort[] = [], old: ServicePort[] = []): void {
  const taken = new Set(ports.map(({ nodePort }) => nodePort));
  for (const port of ports) {
    const before = old.find(({ port: number, protocol }) => number === port.port && protocol === port.protocol);
    if (!port.nodePort && before?.nodePort && !taken.has(before.nodePort)) port.nodePort = before.nodePort;
  }
}

/** A service that is no longer reached from outside loses what only concerned that, unless the client just set it. */
function dropExternalFields(spec: ServiceSpec, old: ServiceSpec): void {
  if (spec.externalTrafficPolicy === old.externalTrafficPolicy) delete spec.externalTrafficPolicy;
  if (spec.type !== 'LoadBalancer') delete spec.allocateLoadBalancerNodePorts;
  for (const port of spec.ports ?? []) {
    if (old.ports?.some(({ nodePort }) => nodePort === port.nodePort)) delete port.nodePort;
  }
}
