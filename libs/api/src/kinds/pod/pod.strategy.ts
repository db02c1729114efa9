import type { Strategy } from '../../kind';
import { defaultPod } from './defaults';
import type { Pod } from './pod';
import { qosClass } from './resource-needs';

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
};
