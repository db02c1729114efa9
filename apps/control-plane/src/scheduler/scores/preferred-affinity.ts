import { nodeSelectorTerm } from '@gantry/api';
import type { Score } from './score';

/** Prefers nodes that match the pod's preferred node affinity, by the weights of its terms. */
export const preferredAffinity: Score = {
  name: 'NodeAffinity',
  weight: 2,
  prepare({ affinity }, table) {
    const terms = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    const total = terms.reduce((sum, term) => sum + term.weight, 0);
    if (total === 0) return undefined;
    const compiled = terms.map(({ weight, preference }) => ({ weight, selector: nodeSelectorTerm(preference) }));
    return (slot) => {
      let matched = 0;
      for (const { weight, selector } of compiled) if (selector.matches(table.nodes[slot]!)) matched += weight;
      return (100 * matched) / total;
    };
  },
};
