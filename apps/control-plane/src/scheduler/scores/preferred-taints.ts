import { tolerates } from '../filters/taints';
import type { Score } from './score';

/** Avoids nodes with PreferNoSchedule taints that the pod does not tolerate. */
export const preferredTaints: Score = {
  name: 'TaintToleration',
  weight: 3,
  prepare({ tolerations }, table) {
    return (slot) => {
      let repelling = 0;
      for (const taint of table.nodes[slot]!.spec?.taints ?? []) {
        if (taint.effect === 'PreferNoSchedule' && !tolerations.some((t) => tolerates(t, taint))) repelling++;
      }
      return 100 / (1 + repelling);
    };
  },
};
