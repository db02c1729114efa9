import type { KubeObject, OwnerReference } from '@gantry/api';

export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';

/** What is known of the owner a reference names: `absent` also when another object has taken its name. */
export type OwnerState = 'present' | 'absent' | 'deletingForeground';

export type GarbageAction =
  | { type: 'none' }
  | { type: 'delete' }
  /** Some owners are gone, others live: only the references to the former go. */
  | { type: 'dropReferences'; keep: OwnerReference[] };

/** What becomes of an object, by the state of each of its owners. */
export function planDependent(object: KubeObject, stateOf: (owner: OwnerReference) => OwnerState): GarbageAction {
  const references = object.metadata.ownerReferences ?? [];
  if (references.length === 0 || object.metadata.deletionTimestamp) return { type: 'none' };
  const states = references.map((owner) => ({ owner, state: stateOf(owner) }));
  const present = states.filter(({ state }) => state === 'present');
  if (present.length === 0) return { type: 'delete' };
  if (states.every(({ state }) => state !== 'absent')) return { type: 'none' };
  return { type: 'dropReferences', keep: states.filter(({ state }) => state !== 'absent').map(({ owner }) => owner) };
}

export type OwnerAction =
  | { type: 'none' }
  /** Dependents first lose their reference to this owner, then the finalizer goes. */
  | { type: 'orphanDependents' }
  /** Dependents are being deleted, and those that block hold the owner. */
  | { type: 'await' }
  | { type: 'release'; finalizer: string };

/** What an owner that is being deleted waits for (metav1 DeletionPropagation Orphan and Foreground). */
export function planOwner(owner: KubeObject, dependents: readonly KubeObject[]): OwnerAction {
  const { deletionTimestamp, finalizers = [], uid } = owner.metadata;
  if (!deletionTimestamp) return { type: 'none' };
  if (finalizers.includes(ORPHAN)) {
    return dependents.length > 0 ? { type: 'orphanDependents' } : { type: 'release', finalizer: ORPHAN };
  }
  if (!finalizers.includes(FOREGROUND)) return { type: 'none' };
  const blocked = dependents.some(({ metadata }) =>
    metadata.ownerReferences?.some((reference) => reference.uid === uid && reference.blockOwnerDeletion),
  );
  return blocked ? { type: 'await' } : { type: 'release', finalizer: FOREGROUND };
}
