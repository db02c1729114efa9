import type { LabelSelector } from '../meta';
import { labelSelector } from '../selectors';
import type { Container } from './pod/container';

/** What tables show where there is nothing. */
export const NONE = '<none>';

export function orNone(text: string | undefined): string {
  return text === undefined || text === '' ? NONE : text;
}

export function labelsCell(labels: Record<string, string> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return orNone(pairs.toSorted().join(','));
}

export function selectorCell(selector: LabelSelector | undefined): string {
  return orNone(labelSelector(selector).toString());
}

export function namesCell(containers: readonly Container[]): string {
  return containers.map(({ name }) => name).join(',');
}

export function imagesCell(containers: readonly Container[]): string {
  return containers.map(({ image = '' }) => image).join(',');
}

/** The first three entries, and how many more there are. */
export function fewCell(entries: readonly string[], whenEmpty: string): string {
  if (entries.length === 0) return whenEmpty;
  const shown = entries.slice(0, 3).join(',');
  return entries.length > 3 ? `${shown} + ${entries.length - 3} more...` : shown;
}
