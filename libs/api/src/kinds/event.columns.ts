import { age, nameColumn } from '../kind';
import type { Column } from '../kind';
import type { Event } from './event';

export const eventColumns: readonly Column<Event>[] = [
  { name: 'Last Seen', type: 'string', description: 'When it happened last.', value: lastSeen },
  { name: 'Type', type: 'string', description: 'Normal or Warning.', value: ({ type = '' }) => type },
  { name: 'Reason', type: 'string', description: 'What happened, in a word.', value: ({ reason = '' }) => reason },
  { name: 'Object', type: 'string', description: 'What it happened to.', value: objectCell },
  {
    name: 'Subobject',
    type: 'string',
    priority: 1,
    description: 'Part of the object.',
    value: ({ involvedObject }) => involvedObject.fieldPath ?? '',
  },
  { name: 'Source', type: 'string', priority: 1, description: 'Who reported it.', value: sourceCell },
  {
    name: 'Message',
    type: 'string',
    description: 'What happened, in a sentence.',
    value: ({ message = '' }) => message.trim(),
  },
  { name: 'First Seen', type: 'string', priority: 1, description: 'When it happened first.', value: firstSeen },
  {
    name: 'Count',
    type: 'string',
    priority: 1,
    description: 'How often it happened.',
    value: ({ series, count }) => series?.count || count || 1,
  },
  { ...nameColumn, priority: 1 },
];

function firstSeen({ firstTimestamp, eventTime }: Event, now: number): string {
  return age(firstTimestamp ?? eventTime, now);
}

function lastSeen(event: Event, now: number): string {
  const last = event.series?.lastObservedTime ?? event.lastTimestamp;
  return last === undefined ? firstSeen(event, now) : age(last, now);
}

function objectCell({ involvedObject: { kind = '', name = '' } }: Event): string {
  return `${kind.toLowerCase()}/${name}`;
}

function sourceCell({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component || reportingComponent;
  const host = source?.host || (source?.component ? '' : reportingInstance);
  return host ? `${component}, ${host}` : component;
}
