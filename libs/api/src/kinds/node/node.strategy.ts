import { duplicate, fieldPath, forbiddenField } from '../../errors';
import type { FieldError } from '../../errors';
import { equalJson } from '../../json';
import type { Strategy } from '../../kind';
import type { Node } from './node';
import type { Taint } from './node-spec';

export const nodeStrategy: Strategy<Node> = {
  applyDefaults({ spec, status }) {
    if (spec.podCIDR && !spec.podCIDRs?.length) spec.podCIDRs = [spec.podCIDR];
    status.allocatable ??= status.capacity;
    if (status.allocatable === undefined) delete status.allocatable;
  },

  validate({ spec }) {
    return checkTaints(spec.taints ?? []);
  },

  validateUpdate({ spec }, { spec: old }) {
    const errors: FieldError[] = [];
    if (old.podCIDRs?.length && !equalJson(spec.podCIDRs, old.podCIDRs)) {
      errors.push(forbiddenField('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
    }
    if (old.providerID && spec.providerID !== old.providerID) {
      errors.push(forbiddenField('spec.providerID', 'node updates may not change providerID except from "" to valid'));
    }
    return errors;
  },
};

/** A node bears each key and effect once. */
function checkTaints(taints: Taint[]): FieldError[] {
  const seen = new Set<string>();
  return taints.flatMap((taint, i) => {
    const identity = `${taint.key}:${taint.effect}`;
    if (seen.has(identity)) return [duplicate(fieldPath('spec.taints', i), taint)];
    seen.add(identity);
    return [];
  });
}
