import type { KubeObject } from '../meta';
import type { Column } from './kind';

/** The column that identifies the object. */
export const nameColumn: Column<KubeObject> = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Unique within a namespace.',
  value: (object) => object.metadata.name,
};

/** How long the object exists. */
export const ageColumn: Column<KubeObject> = {
  name: 'Age',
  type: 'string',
  description: 'Time since the server created the object.',
  value: (object, now) => age(object.metadata.creationTimestamp, now),
};

/** The time since a timestamp as tables show it; `now` in milliseconds since the epoch. */
export function age(timestamp: string | undefined, now: number): string {
  return timestamp === undefined ? '<unknown>' : shortDuration(now - Date.parse(timestamp));
}

/** Milliseconds in one or two units: the second one only while it still matters (`9m30s`, `12m`, `3d4h`, `90d`). */
export function shortDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  const minutes = Math.trunc(seconds / 60);
  const hours = Math.trunc(minutes / 60);
  const days = Math.trunc(hours / 24);
  const years = Math.trunc(days / 365);
  if (seconds < -1) return '<invalid>';
  if (seconds < 120) return `${Math.max(0, seconds)}s`;
  if (minutes < 10) return units(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return units(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (days < 8) return units(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  if (years < 8) return units(years, 'y', days % 365, 'd');
  return `${years}y`;
}

function units(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return `${large}${largeUnit}${small === 0 ? '' : `${small}${smallUnit}`}`;
}
