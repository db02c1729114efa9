import { ageColumn, nameColumn } from '../../kind';
import type { Column } from '../../kind';
import { fewCell, labelsCell, NONE, orNone } from '../cells';
import type { EndpointSlice } from './endpoint-slice';
import type { Endpoints } from './endpoints';
import type { Service } from './service';

export const serviceColumns: readonly Column<Service>[] = [
  nameColumn,
  { name: 'Type', type: 'string', description: 'How the service is reached.', value: ({ spec }) => spec.type },
  {
    name: 'Cluster-IP',
    type: 'string',
    description: 'Address inside the cluster.',
    value: ({ spec }) => orNone(spec.clusterIP),
  },
  { name: 'External-IP', type: 'string', description: 'Addresses from outside.', value: externalCell },
  { name: 'Port(s)', type: 'string', description: 'Ports, with those of the nodes.', value: portsCell },
  ageColumn,
  {
    name: 'Selector',
    type: 'string',
    priority: 1,
    description: 'Labels of the pods.',
    value: ({ spec }) => labelsCell(spec.selector),
  },
];

export const endpointsColumns: readonly Column<Endpoints>[] = [
  nameColumn,
  { name: 'Endpoints', type: 'string', description: 'Addresses that are ready.', value: endpointsCell },
  ageColumn,
];

export const endpointSliceColumns: readonly Column<EndpointSlice>[] = [
  nameColumn,
  {
    name: 'AddressType',
    type: 'string',
    description: 'Kind of addresses.',
    value: ({ addressType }) => addressType,
  },
  {
    name: 'Ports',
    type: 'string',
    description: 'Ports of the endpoints.',
    value: ({ ports = [] }) =>
      fewCell(
        ports.map(({ port }) => String(port ?? '*')),
        '<unset>',
      ),
  },
  {
    name: 'Endpoints',
    type: 'string',
    description: 'Addresses of the endpoints.',
    value: ({ endpoints }) =>
      fewCell(
        endpoints.flatMap(({ addresses }) => addresses),
        '<unset>',
      ),
  },
  ageColumn,
];

function externalCell({ spec, status }: Service): string {
  if (spec.type === 'ExternalName') return orNone(spec.externalName);
  const external = spec.externalIPs ?? [];
  if (spec.type !== 'LoadBalancer') return orNone(external.join(','));
  const balanced = (status.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? '');
  return [...balanced, ...external].join(',') || '<pending>';
}

function portsCell({ spec }: Service): string {
  const ports = (spec.ports ?? []).map(
    ({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`,
  );
  return orNone(ports.join(','));
}

function endpointsCell({ subsets = [] }: Endpoints): string {
  const entries = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) =>
          addresses.map(({ ip }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)),
        ),
  );
  return fewCell(entries, NONE);
}
