import type { Score } from './score';

/** Keeps pods of one owner apart: the fewer of them stand on a node, the better. */
export const spread: Score = {
  name: 'PodSpread',
  weight: 2,
  prepare({ group }, table) {
    return (slot) => 100 / (1 + (table.groups[slot]!.get(group) ?? 0));
  },
};
