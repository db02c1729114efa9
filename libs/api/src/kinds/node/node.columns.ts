import { ageColumn, nameColumn } from '../../kind';
import type { Column } from '../../kind';
import { orNone } from '../cells';
import { NODE_ROLE_LABEL_PREFIX } from '../well-known';
import type { Node } from './node';

const OLD_ROLE_LABEL = 'kubernetes.io/role';
const UNKNOWN = '<unknown>';

export const nodeColumns: readonly Column<Node>[] = [
  nameColumn,
  { name: 'Status', type: 'string', description: 'Whether it runs pods and takes new ones.', value: statusCell },
  { name: 'Roles', type: 'string', description: 'What it is for.', value: rolesCell },
  ageColumn,
  {
    name: 'Version',
    type: 'string',
    description: 'Version of its agent.',
    value: ({ status }) => status.nodeInfo?.kubeletVersion ?? '',
  },
  {
    name: 'Internal-IP',
    type: 'string',
    priority: 1,
    description: 'Address inside.',
    value: addressCell('InternalIP'),
  },
  {
    name: 'External-IP',
    type: 'string',
    priority: 1,
    description: 'Address outside.',
    value: addressCell('ExternalIP'),
  },
  {
    name: 'OS-Image',
    type: 'string',
    priority: 1,
    description: 'Operating system.',
    value: ({ status }) => status.nodeInfo?.osImage || UNKNOWN,
  },
  {
    name: 'Kernel-Version',
    type: 'string',
    priority: 1,
    description: 'Version of the kernel.',
    value: ({ status }) => status.nodeInfo?.kernelVersion || UNKNOWN,
  },
  {
    name: 'Container-Runtime',
    type: 'string',
    priority: 1,
    description: 'Container runtime.',
    value: ({ status }) => status.nodeInfo?.containerRuntimeVersion || UNKNOWN,
  },
];

function statusCell({ spec, status }: Node): string {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  const word = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec.unschedulable ? `${word},SchedulingDisabled` : word;
}

function rolesCell({ metadata }: Node): string {
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([label, value]) => {
    if (label.startsWith(NODE_ROLE_LABEL_PREFIX)) return [label.slice(NODE_ROLE_LABEL_PREFIX.length)];
    return label === OLD_ROLE_LABEL && value ? [value] : [];
  });
  return orNone([...new Set(roles)].toSorted().join(','));
}

function addressCell(wanted: string): (node: Node) => string {
  return ({ status }) => orNone(status.addresses?.find(({ type }) => type === wanted)?.address);
}
