import { amountText } from '../amount-text';
import type { ResourceColumn } from '../node-table';
import type { Filter, Rejection } from './filter';

/** The node has enough of everything the pod requests. */
export const resources: Filter = {
  name: 'NodeResourcesFit',
  prepare(podClass, table) {
    const wanted: [ResourceColumn, number][] = [];
    for (const [name, amount] of podClass.requests) if (amount > 0) wanted.push([table.column(name), amount]);
    const count = wanted.length;
    return {
      passes(slot) {
        for (let i = 0; i < count; i++) {
          const [column, amount] = wanted[i]!;
          if (column.used[slot]! + amount > column.allocatable[slot]!) return false;
        }
        return true;
      },
      explain: (slot) => wanted.flatMap(([column, amount]) => shortage(column, amount, slot)),
    };
  },
};

function shortage(column: ResourceColumn, needed: number, slot: number): Rejection[] {
  const { name } = column;
  const free = column.allocatable[slot]! - column.used[slot]!;
  if (needed <= free) return [];
  if (name === 'pods') return [{ reason: 'too many pods', remedy: 'remove a pod' }];
  const whole = column.allocatable[slot]!;
  const remedy =
    needed > whole
      ? `request at most ${amountText(name, whole)} ${name}, all that the node has`
      : `free ${amountText(name, needed - free)} ${name}`;
  return [{ reason: `insufficient ${name}`, shortage: { resource: name, needed, free }, remedy }];
}
