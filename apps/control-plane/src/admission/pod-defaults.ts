import type { Pod, Toleration } from '@gantry/api';
import type { AdmissionAttempt, AdmissionPlugin } from './admission';

// How long a pod stays on a node that is lost, unless it says otherwise.
const TOLERATION_SECONDS = 300;
const LOST_NODE_TAINTS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** What a new pod is given when it does not say: an account, a priority, and patience with nodes that are lost. */
export const podDefaults: AdmissionPlugin = {
  name: 'PodDefaults',

  mutate(attempt) {
    if (!isNewPod(attempt)) return;
    const { spec } = attempt.object as Pod;
    // The older name of the field always says the same.
    spec.serviceAccount = spec.serviceAccountName ||= 'default';
    spec.priority ??= 0;
    spec.preemptionPolicy ??= 'PreemptLowerPriority';
    const missing = LOST_NODE_TAINTS.filter(
      (key) => !spec.tolerations?.some((toleration) => tolerates(toleration, key)),
    );
    const added = missing.map((key): Toleration => ({
      key,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: TOLERATION_SECONDS,
    }));
    if (added.length > 0) spec.tolerations = [...(spec.tolerations ?? []), ...added];
  },
};

function isNewPod({ operation, kind, subresource }: AdmissionAttempt): boolean {
  return operation === 'create' && subresource === undefined && kind.qualifiedResource === 'pods';
}

function tolerates(toleration: Toleration, key: string): boolean {
  return (!toleration.key || toleration.key === key) && (!toleration.effect || toleration.effect === 'NoExecute');
}
