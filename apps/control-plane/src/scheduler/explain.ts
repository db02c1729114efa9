import { amountText } from './amount-text';
import type { Rejection } from './filters';
import type { NodeTable } from './node-table';

/** Names at most so many nodes' figures in one reason. */
const FIGURES = 5;

/**
 * Why no node takes a pod, as the pod's condition and event say it:
 * `0/3 nodes are available: 2 insufficient cpu (needs 1500m, 700m and 400m free), 1 has taint {dedicated=db:NoSchedule}.`
 * followed by the smallest change that would help, where one can be named.
 */
export function explain(table: NodeTable, rejections: ReadonlyMap<number, Rejection[]>): string {
  if (table.size === 0) return 'no nodes are available: none has joined the cluster';
  const byReason = new Map<string, Rejection[]>();
  for (const rejection of [...rejections.values()].flat()) {
    byReason.set(rejection.reason, [...(byReason.get(rejection.reason) ?? []), rejection]);
  }
  const reasons = [...byReason]
    .sort(([a, many], [b, few]) => few.length - many.length || (a < b ? -1 : 1))
    .map(([reason, list]) => `${list.length} ${reason}${figures(list)}`);
  return `0/${table.size} nodes are available: ${reasons.join(', ')}.${easiest(table, rejections)}`;
}

function figures(rejections: Rejection[]): string {
  const shortages = rejections.flatMap(({ shortage }) => shortage ?? []);
  const [first] = shortages;
  if (!first) return '';
  const free = shortages
    .sort((a, b) => b.free - a.free)
    .slice(0, FIGURES)
    .map((shortage) => amountText(shortage.resource, shortage.free));
  const last = free.pop();
  const list = free.length > 0 ? `${free.join(', ')} and ${last}` : last;
  return ` (needs ${amountText(first.resource, first.needed)}, ${list} free${shortages.length > FIGURES ? ' at most' : ''})`;
}

// The node with one reason only, and among those the smallest shortage, is the nearest to taking the pod.
function easiest(table: NodeTable, rejections: ReadonlyMap<number, Rejection[]>): string {
  let best: { cost: number; slot: number; remedy: string } | undefined;
  for (const [slot, [only, ...more]] of rejections) {
    if (!only?.remedy || more.length > 0) continue;
    const { shortage } = only;
    const cost = shortage ? (shortage.needed - shortage.free) / shortage.needed : 2;
    if (!best || cost < best.cost) best = { cost, slot, remedy: only.remedy };
  }
  return best ? ` Smallest change that would help: ${best.remedy} (${table.nodes[best.slot]!.metadata.name}).` : '';
}
