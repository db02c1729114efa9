import { ageColumn, nameColumn, shortDuration } from '../../kind';
import type { Column } from '../../kind';
import { imagesCell, labelsCell, namesCell, NONE, orNone } from '../cells';
import type { Pod } from './pod';
import type { PodTemplate } from './pod-template';
import { summarizePod } from './pod-summary';

export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  { name: 'Ready', type: 'string', description: 'Containers that are ready, of all.', value: readyCell },
  { name: 'Status', type: 'string', description: 'What the pod is doing.', value: (pod) => summarizePod(pod).status },
  { name: 'Restarts', type: 'string', description: 'How often its containers were restarted.', value: restartsCell },
  ageColumn,
  {
    name: 'IP',
    type: 'string',
    priority: 1,
    description: 'Address of the pod.',
    value: ({ status }) => orNone(status.podIPs?.[0]?.ip ?? status.podIP),
  },
  {
    name: 'Node',
    type: 'string',
    priority: 1,
    description: 'Node it runs on.',
    value: ({ spec }) => orNone(spec.nodeName),
  },
  {
    name: 'Nominated Node',
    type: 'string',
    priority: 1,
    description: 'Node that is being cleared for it.',
    value: ({ status }) => orNone(status.nominatedNodeName),
  },
  {
    name: 'Readiness Gates',
    type: 'string',
    priority: 1,
    description: 'Gates that are open, of all.',
    value: gatesCell,
  },
];

export const podTemplateColumns: readonly Column<PodTemplate>[] = [
  nameColumn,
  {
    name: 'Containers',
    type: 'string',
    description: 'Names of the containers.',
    value: ({ template }) => namesCell(template.spec.containers),
  },
  {
    name: 'Images',
    type: 'string',
    description: 'Images of the containers.',
    value: ({ template }) => imagesCell(template.spec.containers),
  },
  {
    name: 'Pod Labels',
    type: 'string',
    description: 'Labels of the pods.',
    value: ({ template }) => labelsCell(template.metadata?.labels),
  },
];

function readyCell(pod: Pod): string {
  const { ready, total } = summarizePod(pod);
  return `${ready}/${total}`;
}

function restartsCell(pod: Pod, now: number): string {
  const { restarts, lastRestart } = summarizePod(pod);
  return lastRestart === undefined ? String(restarts) : `${restarts} (${shortDuration(now - lastRestart)} ago)`;
}

function gatesCell({ spec, status }: Pod): string {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return NONE;
  const open = gates.filter(({ conditionType }) =>
    status.conditions?.some(({ type, status: is }) => type === conditionType && is === 'True'),
  );
  return `${open.length}/${gates.length}`;
}
