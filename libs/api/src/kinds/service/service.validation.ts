import { isIP } from 'node:net';
import { duplicate, fieldPath, forbiddenField, invalidValue, required } from '../../errors';
import type { FieldError } from '../../errors';
import { isDnsSubdomain } from '../../names';
import { checkLabels } from '../../validation';
import { checkPortReference } from '../pod/validation/probes';
import type { ServicePort, ServiceSpec } from './service';
import { hasClusterIp, hasNodePorts, HEADLESS, isExternal } from './service-type';

export function checkService(spec: ServiceSpec): FieldError[] {
  return [
    ...checkLabels(spec.selector ?? {}, 'spec.selector'),
    ...checkPorts(spec),
    ...checkAddresses(spec),
    ...checkExternalName(spec),
    ...checkTraffic(spec),
  ];
}

/** The address is the service's identity for all who resolved it: once set it stays. */
export function checkServiceUpdate(spec: ServiceSpec, old: ServiceSpec): FieldError[] {
  const isFixed = hasClusterIp(spec) && hasClusterIp(old) && old.clusterIP;
  if (!isFixed || spec.clusterIP === old.clusterIP) return [];
  return [invalidValue('spec.clusterIPs[0]', spec.clusterIPs ?? [], 'may not change once set')];
}

function checkPorts(spec: ServiceSpec): FieldError[] {
  const { ports = [] } = spec;
  if (ports.length === 0) return spec.clusterIP === HEADLESS || !hasClusterIp(spec) ? [] : [required('spec.ports')];
  return [
    ...ports.flatMap((port, i) => checkPort(spec, port, ports.length > 1, fieldPath('spec.ports', i))),
    ...checkUnique(ports),
  ];
}

function checkPort(spec: ServiceSpec, port: ServicePort, isOneOfMany: boolean, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (isOneOfMany && !port.name) errors.push(required(fieldPath(path, 'name')));
  if (port.targetPort !== undefined) {
    errors.push(...checkPortReference(port.targetPort, fieldPath(path, 'targetPort')));
  }
  if (port.nodePort && !hasNodePorts(spec)) {
    const words = `may not be used when \`type\` is '${spec.type}'`;
    errors.push(forbiddenField(fieldPath(path, 'nodePort'), words));
  }
  return errors;
}

function checkUnique(ports: ServicePort[]): FieldError[] {
  const seen = new Set<string>();
  const isRepeated = (identity: string) => seen.has(identity) || !seen.add(identity);
  return ports.flatMap(({ name, port, protocol, nodePort }, i) => {
    const path = fieldPath('spec.ports', i);
    const errors: FieldError[] = [];
    if (name && isRepeated(`name ${name}`)) errors.push(duplicate(fieldPath(path, 'name'), name));
    if (isRepeated(`port ${port}/${protocol}`)) errors.push(duplicate(path, { protocol, port }));
    if (nodePort && isRepeated(`node ${nodePort}/${protocol}`))
      errors.push(duplicate(fieldPath(path, 'nodePort'), nodePort));
    return errors;
  });
}

function checkAddresses(spec: ServiceSpec): FieldError[] {
  const { clusterIP, clusterIPs = [], externalIPs = [] } = spec;
  const errors = externalIPs.flatMap((address, i) => checkIp(address, fieldPath('spec.externalIPs', i)));
  if (!hasClusterIp(spec)) return errors;
  if (clusterIP === HEADLESS && isExternal(spec)) {
    const words = `may not be set to 'None' for ${spec.type} services`;
    errors.push(invalidValue('spec.clusterIPs[0]', HEADLESS, words));
  }
  if (clusterIP && clusterIPs.length > 0 && clusterIPs[0] !== clusterIP) {
    errors.push(invalidValue('spec.clusterIPs', clusterIPs, 'first value must match `clusterIP`'));
  }
  if (clusterIPs.length > 1) {
    const words = 'may only hold up to 1 value';
    errors.push(invalidValue('spec.clusterIPs', clusterIPs, words));
  }
  return clusterIP && clusterIP !== HEADLESS ? [...errors, ...checkIp(clusterIP, 'spec.clusterIPs[0]')] : errors;
}

function checkIp(address: string, field: string): FieldError[] {
  if (isIP(address)) return [];
  return [invalidValue(field, address, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];
}

function checkExternalName({ type, externalName, clusterIP }: ServiceSpec): FieldError[] {
  if (type !== 'ExternalName') return [];
  const errors = clusterIP ? [forbiddenField('spec.clusterIPs', 'may not be set for ExternalName services')] : [];
  if (!externalName) return [...errors, required('spec.externalName')];
  const host = externalName.replace(/\.$/, '');
  return [...errors, ...isDnsSubdomain(host).map((reason) => invalidValue('spec.externalName', externalName, reason))];
}

function checkTraffic(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.externalTrafficPolicy && !isExternal(spec) && !spec.externalIPs?.length) {
    const words = 'may only be set for externally-accessible services';
    errors.push(invalidValue('spec.externalTrafficPolicy', spec.externalTrafficPolicy, words));
  }
  if (spec.allocateLoadBalancerNodePorts !== undefined && spec.type !== 'LoadBalancer') {
    const words = "may only be used when `type` is 'LoadBalancer'";
    errors.push(forbiddenField('spec.allocateLoadBalancerNodePorts', words));
  }
  if (spec.loadBalancerClass !== undefined && spec.type !== 'LoadBalancer') {
    errors.push(forbiddenField('spec.loadBalancerClass', "may only be used when `type` is 'LoadBalancer'"));
  }
  return errors;
}
