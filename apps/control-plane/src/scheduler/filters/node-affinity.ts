import { nodeSelector } from '@gantry/api';
import type { Filter } from './filter';

/** The node's labels are those that nodeSelector and the required node affinity ask for. */
export const nodeAffinity: Filter = {
  name: 'NodeAffinity',
  prepare(podClass, table) {
    const labels = Object.entries(podClass.nodeSelector);
    const required = podClass.affinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (labels.length === 0 && !required) return undefined;
    const affinity = required && nodeSelector(required.nodeSelectorTerms);
    const missing = (slot: number): [string, string] | undefined =>
      labels.find(([key, value]) => table.nodes[slot]!.metadata.labels?.[key] !== value);
    return {
      passes: (slot) => missing(slot) === undefined && (!affinity || affinity.matches(table.nodes[slot]!)),
      explain(slot) {
        const label = missing(slot);
        if (!label) return [{ reason: 'labels do not match the required node affinity' }];
        const text = label.join('=');
        const remedy = `kubectl label node ${table.nodes[slot]!.metadata.name} ${text}`;
        return [{ reason: `lacks label ${text}`, remedy }];
      },
    };
  },
};
