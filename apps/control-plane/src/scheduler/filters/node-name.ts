import type { Filter } from './filter';

/** A pod that names its node goes there or nowhere. */
export const nodeName: Filter = {
  name: 'NodeName',
  prepare({ nodeName: wanted }, table) {
    if (!wanted) return undefined;
    return {
      passes: (slot) => table.nodes[slot]!.metadata.name === wanted,
      explain: () => [{ reason: `not the node named in spec.nodeName (${wanted})` }],
    };
  },
};
