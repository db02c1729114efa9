import { forbiddenField } from '../../errors';
import type { Strategy } from '../../kind';
import { defaultPod } from './defaults';
import type { Pod } from './pod';
import { qosClass } from './resource-needs';
import { checkPodSpec } from './validation/pod-spec';
import { checkPodUpdate } from './validation/pod-update';

export const podStrategy: Strategy<Pod> = {
  applyDefaults({ spec }) {
    if (spec) defaultPod(spec);
  },

  prepareForCreate(pod) {
    if (!pod.spec) return;
    pod.status = { phase: 'Pending', qosClass: qosClass(pod.spec) };
    if (pod.spec.schedulingGates?.length) {
      const message = 'Scheduling is blocked due to non-empty scheduling gates';
      pod.status.conditions = [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message }];
    }
  },

  validate({ spec }) {
    const debuggers = spec.ephemeralContainers?.length ?? 0;
    const words = 'cannot be set on create';
    return [
      ...(debuggers > 0 ? [forbiddenField('spec.ephemeralContainers', words)] : []),
      ...checkPodSpec(spec, 'spec'),
    ];
  },

  validateUpdate({ spec }, { spec: old }) {
    return checkPodUpdate(spec, old);
  },
};
