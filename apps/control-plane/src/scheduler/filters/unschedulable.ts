import { tolerates, type Taint } from './taints';
import type { Filter } from './filter';

const TAINT: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** A cordoned node takes no new pods, unless they tolerate it. */
export const unschedulable: Filter = {
  name: 'NodeUnschedulable',
  prepare(podClass, table) {
    if (podClass.tolerations.some((toleration) => tolerates(toleration, TAINT))) return undefined;
    return {
      passes: (slot) => !table.nodes[slot]!.spec?.unschedulable,
      explain: (slot) => [{ reason: 'cordoned', remedy: `kubectl uncordon ${table.nodes[slot]!.metadata.name}` }],
    };
  },
};
