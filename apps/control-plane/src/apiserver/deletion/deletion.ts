import type { DeleteOptions, KindInfo, KubeObject, Pod } from '@gantry/api';
import { type Call, timestamp } from '../call';

/** The garbage collector acts on these before an object goes. */
const FOREGROUND_FINALIZER = 'foregroundDeletion';
const ORPHAN_FINALIZER = 'orphan';

const DEFAULT_POD_GRACE_SECONDS = 30;

/** Whether an object on its way out has nothing left to wait for: no grace, no finalizers of any sort. */
export function isDone(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  return (
    deletionTimestamp !== undefined &&
    deletionGracePeriodSeconds === 0 &&
    finalizers.length === 0 &&
    !ownFinalizers(object)
  );
}

/** What an object looks like after its deletion was asked for; when that `isDone`, it can be removed. */
export function markDeleted(call: Call, current: KubeObject, options: DeleteOptions): KubeObject {
  const grace = graceSeconds(call.kind, current, options);
  const metadata = { ...current.metadata, finalizers: finalizersFor(current, options) };
  if (metadata.finalizers.length === 0) delete (metadata as Partial<typeof metadata>).finalizers;
  const before = current.metadata.deletionGracePeriodSeconds ?? 0;
  if (!current.metadata.deletionTimestamp) {
    metadata.deletionTimestamp = timestamp(call.now + grace * 1000);
    metadata.deletionGracePeriodSeconds = grace;
    if (metadata.generation !== undefined) metadata.generation++;
  } else if (grace < before) {
    // A later request may only shorten the grace that is left.
    const asked = Date.parse(current.metadata.deletionTimestamp) - before * 1000;
    metadata.deletionTimestamp = timestamp(asked + grace * 1000);
    metadata.deletionGracePeriodSeconds = grace;
  }
  return withPhase({ ...current, metadata });
}

/** Only pods end gradually, and only those that a node runs: nobody would end the others. */
function graceSeconds(kind: KindInfo, object: KubeObject, options: DeleteOptions): number {
  if (kind.qualifiedResource !== 'pods') return 0;
  const { spec, status } = object as Pod;
  if (!spec.nodeName || status.phase === 'Succeeded' || status.phase === 'Failed') return 0;
  const asked = options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? DEFAULT_POD_GRACE_SECONDS;
  return asked < 0 ? 1 : asked;
}

function finalizersFor(object: KubeObject, { propagationPolicy, orphanDependents }: DeleteOptions): string[] {
  const present = object.metadata.finalizers ?? [];
  const policy =
    propagationPolicy ?? (orphanDependents === undefined ? undefined : orphanDependents ? 'Orphan' : 'Background');
  if (policy === undefined) return present;
  const others = present.filter((name) => name !== FOREGROUND_FINALIZER && name !== ORPHAN_FINALIZER);
  if (policy === 'Background') return others;
  return [...others, policy === 'Orphan' ? ORPHAN_FINALIZER : FOREGROUND_FINALIZER];
}

interface NamespaceLike {
  spec?: { finalizers?: string[] };
  status?: object;
}

/** Namespaces have a second list of finalizers, in their spec, for those who empty them. */
function ownFinalizers(object: KubeObject): boolean {
  return isNamespace(object) && ((object as NamespaceLike).spec?.finalizers?.length ?? 0) > 0;
}

function withPhase(object: KubeObject): KubeObject {
  if (!isNamespace(object)) return object;
  return { ...object, status: { ...(object as NamespaceLike).status, phase: 'Terminating' } } as KubeObject;
}

function isNamespace(object: KubeObject): boolean {
  return object.kind === 'Namespace' && object.apiVersion === 'v1';
}
