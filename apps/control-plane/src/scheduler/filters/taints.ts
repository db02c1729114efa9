import type { Node } from '@gantry/api';
import type { Toleration } from '../pod-class';
import type { Filter } from './filter';

export type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];

/** The node has no taint that keeps the pod away (NoSchedule and NoExecute). */
export const taints: Filter = {
  name: 'TaintToleration',
  prepare({ tolerations }, table) {
    const repelling = (slot: number): Taint | undefined =>
      table.nodes[slot]!.spec?.taints?.find(
        (taint) =>
          taint.effect !== 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)),
      );
    return {
      passes: (slot) => repelling(slot) === undefined,
      explain(slot) {
        const taint = repelling(slot)!;
        return [{ reason: `has taint ${taintText(taint)}`, remedy: `tolerate ${taintText(taint)}` }];
      },
    };
  },
};

/** Whether a toleration covers a taint (core/v1 Toleration: an empty key with Exists covers all, an empty effect all effects). */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  return Boolean(toleration.key) && (toleration.value ?? '') === (taint.value ?? '');
}

function taintText({ key, value, effect }: Taint): string {
  return `{${key}${value ? `=${value}` : ''}:${effect}}`;
}
