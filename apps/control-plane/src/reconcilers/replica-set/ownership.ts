import { labelSelector, ReplicaSet, type OwnerReference, type Pod } from '@gantry/api';
import type { InformerSet, ObjectKey } from '@gantry/client';

export function controllerReference(set: ReplicaSet): OwnerReference {
  const { name, uid } = set.metadata;
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true, blockOwnerDeletion: true };
}

/** The references without the controlling one; null, which a merge patch takes for removal, when none is left. */
export function withoutController(references: readonly OwnerReference[] | undefined): OwnerReference[] | null {
  const kept = references?.filter(({ controller }) => !controller) ?? [];
  return kept.length > 0 ? kept : null;
}

/** The ReplicaSets whose selector matches a pod that nobody owns. */
export function setsSelecting(informers: InformerSet, pod: Pod): ObjectKey[] {
  if (pod.metadata.ownerReferences?.some(({ controller }) => controller)) return [];
  return informers
    .of(ReplicaSet)
    .cache.inNamespace(pod.metadata.namespace)
    .filter((set) => labelSelector(set.spec.selector).matches(pod.metadata.labels))
    .map((set) => set.metadata);
}
