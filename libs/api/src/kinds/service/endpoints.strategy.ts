import { isIP, isIPv4, isIPv6 } from 'node:net';
import { duplicate, fieldPath, invalidValue, required, tooMany } from '../../errors';
import type { FieldError } from '../../errors';
import type { Strategy } from '../../kind';
import { isDnsLabel, isDnsSubdomain, outOfRange } from '../../names';
import type { Endpoint, EndpointSlice, EndpointSlicePort } from './endpoint-slice';
import type { Endpoints } from './endpoints';

const MAX_ENDPOINTS = 1000;
const MAX_ADDRESSES = 100;

export const endpointsStrategy: Strategy<Endpoints> = {
  validate({ subsets = [] }) {
    return subsets.flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }, i) => {
      const path = fieldPath('subsets', i);
      if (addresses.length + notReadyAddresses.length === 0) {
        return [required(path, 'must specify `addresses` or `notReadyAddresses`')];
      }
      return ports.flatMap(({ name }, j) =>
        ports.length > 1 && !name ? [required(fieldPath(path, 'ports', j, 'name'))] : [],
      );
    });
  },
};

export const endpointSliceStrategy: Strategy<EndpointSlice> = {
  validate({ addressType, endpoints, ports = [] }) {
    if (endpoints.length > MAX_ENDPOINTS) return [tooMany('endpoints', endpoints.length, MAX_ENDPOINTS)];
    return [
      ...endpoints.flatMap((endpoint, i) => checkEndpoint(endpoint, addressType, fieldPath('endpoints', i))),
      ...checkPorts(ports),
    ];
  },
};

function checkEndpoint({ addresses }: Endpoint, type: EndpointSlice['addressType'], path: string): FieldError[] {
  const field = fieldPath(path, 'addresses');
  if (addresses.length > MAX_ADDRESSES) return [tooMany(field, addresses.length, MAX_ADDRESSES)];
  return addresses.flatMap((address, i) =>
    addressProblems(address, type).map((reason) => invalidValue(fieldPath(field, i), address, reason)),
  );
}

function addressProblems(address: string, type: EndpointSlice['addressType']): string[] {
  switch (type) {
    case 'IPv4':
      return isIPv4(address) ? forbiddenRange(address) : ['must be a valid IPv4 address'];
    case 'IPv6':
      return isIPv6(address) ? [] : ['must be a valid IPv6 address'];
    case 'FQDN':
      return isIP(address) ? ['must be a domain name'] : isDnsSubdomain(address);
  }
}

/** Addresses that would lead to the node itself, or to nobody in particular. */
function forbiddenRange(address: string): string[] {
  if (address === '0.0.0.0') return ['may not be unspecified (0.0.0.0)'];
  if (address.startsWith('127.')) return ['may not be in the loopback range (127.0.0.0/8, ::1/128)'];
  return address.startsWith('169.254.') ? ['may not be in the link-local range (169.254.0.0/16, fe80::/10)'] : [];
}

function checkPorts(ports: EndpointSlicePort[]): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap(({ name, port }, i) => {
    const path = fieldPath('ports', i);
    const errors: FieldError[] = name
      ? isDnsLabel(name).map((reason) => invalidValue(fieldPath(path, 'name'), name, reason))
      : [];
    if (names.has(name)) errors.push(duplicate(fieldPath(path, 'name'), name));
    names.add(name);
    if (port !== undefined && (port < 1 || port > 65535)) {
      errors.push(invalidValue(fieldPath(path, 'port'), port, outOfRange(1, 65535)));
    }
    return errors;
  });
}
