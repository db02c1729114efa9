import { RegistryFault } from '../errors';
import type { Page, PageResult } from '../metadata/metadata';

/** Most names in one answer, asked for or not. */
const MAX_NAMES = 1000;

export interface PageQuery {
  n?: string;
  last?: string;
}

export function pageOf({ n, last }: PageQuery): Page {
  if (n !== undefined && !/^\d{1,9}$/.test(n)) throw new RegistryFault('PAGINATION_NUMBER_INVALID', undefined, { n });
  return { limit: Math.min(n === undefined ? MAX_NAMES : Number(n), MAX_NAMES), after: last };
}

/** The Link header to the next page (RFC 5988), if there is one. */
export function nextPage(path: string, { limit }: Page, { names, more }: PageResult): Record<string, string> {
  const last = names.at(-1);
  if (!more || last === undefined) return {};
  return { link: `<${path}?n=${limit}&last=${encodeURIComponent(last)}>; rel="next"` };
}
