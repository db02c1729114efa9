import { type Node, type Pod, forbidden } from '@gantry/api';
import { nodeNameOf } from '../auth/users';
import type { AdmissionAttempt, AdmissionPlugin } from './admission';

const NOT_READY = 'node.kubernetes.io/not-ready';

/** New nodes take no pods until they are seen to be ready; nodes speak only for themselves and their pods. */
export const nodeRules: AdmissionPlugin = {
  name: 'NodeRules',

  mutate({ operation, kind, object }) {
    if (operation !== 'create' || kind.qualifiedResource !== 'nodes') return;
    const { spec } = object as Node;
    if (spec.taints?.some(({ key, effect }) => key === NOT_READY && effect === 'NoSchedule')) return;
    spec.taints = [...(spec.taints ?? []), { key: NOT_READY, effect: 'NoSchedule' }];
  },

  validate(attempt) {
    const nodeName = nodeNameOf(attempt.user);
    if (nodeName !== undefined) checkOwn(attempt, nodeName);
  },
};

// The authorizer has seen the URL only; names and nodes inside the objects are checked here.
function checkOwn({ kind, name, object, old }: AdmissionAttempt, nodeName: string): void {
  const refuse = (why: string): Error => forbidden(kind, name, why);
  switch (kind.qualifiedResource) {
    case 'nodes':
      if (name !== nodeName) throw refuse(`node "${nodeName}" is not allowed to modify node "${name}"`);
      if (object && old && changedTaints(object as Node, old as Node)) {
        throw refuse(`node "${nodeName}" is not allowed to modify taints`);
      }
      break;
    case 'pods':
      if (((object ?? old) as Pod).spec.nodeName !== nodeName) {
        throw refuse(`node "${nodeName}" can only modify pods with spec.nodeName set to itself`);
      }
      break;
    case 'leases.coordination.k8s.io':
      if (name !== nodeName) throw refuse(`node "${nodeName}" can only access node lease with the same name`);
      break;
  }
}

function changedTaints(node: Node, old: Node): boolean {
  return JSON.stringify(node.spec.taints ?? []) !== JSON.stringify(old.spec.taints ?? []);
}
