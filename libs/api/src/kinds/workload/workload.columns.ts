import { ageColumn, nameColumn } from '../../kind';
import type { Column } from '../../kind';
import { imagesCell, namesCell, selectorCell } from '../cells';
import type { Deployment } from './deployment';
import type { ReplicaSet } from './replica-set';

/** Shown of everything that makes pods from a template, with `-o wide`. */
const templateColumns: readonly Column<Deployment | ReplicaSet>[] = [
  {
    name: 'Containers',
    type: 'string',
    priority: 1,
    description: 'Names of the containers.',
    value: ({ spec }) => namesCell(spec.template.spec.containers),
  },
  {
    name: 'Images',
    type: 'string',
    priority: 1,
    description: 'Images of the containers.',
    value: ({ spec }) => imagesCell(spec.template.spec.containers),
  },
  {
    name: 'Selector',
    type: 'string',
    priority: 1,
    description: 'Labels of the pods.',
    value: ({ spec }) => selectorCell(spec.selector),
  },
];

export const deploymentColumns: readonly Column<Deployment>[] = [
  nameColumn,
  {
    name: 'Ready',
    type: 'string',
    description: 'Pods that are ready, of those wanted.',
    value: ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}`,
  },
  {
    name: 'Up-to-date',
    type: 'string',
    description: 'Pods of the present template.',
    value: ({ status }) => status.updatedReplicas ?? 0,
  },
  {
    name: 'Available',
    type: 'string',
    description: 'Pods that have been ready for long enough.',
    value: ({ status }) => status.availableReplicas ?? 0,
  },
  ageColumn,
  ...templateColumns,
];

export const replicaSetColumns: readonly Column<ReplicaSet>[] = [
  nameColumn,
  { name: 'Desired', type: 'integer', description: 'Pods wanted.', value: ({ spec }) => spec.replicas },
  { name: 'Current', type: 'integer', description: 'Pods there are.', value: ({ status }) => status.replicas ?? 0 },
  {
    name: 'Ready',
    type: 'integer',
    description: 'Pods that are ready.',
    value: ({ status }) => status.readyReplicas ?? 0,
  },
  ageColumn,
  ...templateColumns,
];
