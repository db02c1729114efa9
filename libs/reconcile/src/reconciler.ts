import type { KubeObject, OwnerReference, SchemaClass } from '@gantry/api';
import { kindOf } from '@gantry/api';
import type { CacheChange, InformerScope, InformerSet, ObjectKey } from '@gantry/client';
import type { Closeable } from '@gantry/base';
import type { Logger } from '@gantry/observability';
import type { Term } from './leader-elector';

/** What makes the world look as one object wants it. The engine gives it keys; it looks up everything itself. */
export interface Reconciler {
  /** Name of its queue, metrics and log scope: `replicaset`. */
  readonly name: string;
  /** Whose changes it wants to hear of, and which keys they concern. */
  readonly watches: readonly Watch[];
  /** Keys worked on at the same time; 4 unless given. */
  readonly concurrency?: number;

  /**
   * Brings one object's world nearer to what it wants. Called when something changed, after failures, and now and then
   * for nothing: it must be safe to repeat, and get along with a cache that is behind. Whatever it throws makes the
   * engine call it again later, after a growing delay.
   */
  reconcile(key: ObjectKey, context: ReconcileContext): Promise<void> | Promise<Result | undefined>;
}

export interface ReconcileContext {
  /** Aborts when the engine stops or loses its leadership: start nothing new then. */
  signal: AbortSignal;
  log: Logger;
  /** The term of leadership the work is done under, if there is an election. */
  term?: Term;
}

export interface Result {
  /** Look again in so many milliseconds, even if nothing changes. */
  requeueAfter?: number;
}

/** Says which keys of a reconciler a change concerns. */
export interface Watch {
  /** Calls `enqueue` with each key a change concerns. */
  attach(informers: InformerSet, enqueue: (key: ObjectKey) => void): Closeable;
}

/** The object itself: `itself(ReplicaSet)`. With `when`, only changes that pass. */
export function itself<T extends KubeObject>(
  schema: SchemaClass<T>,
  when?: (change: CacheChange<T>) => boolean,
): Watch {
  return watch(schema, {}, (change, enqueue) => {
    if (!when || when(change)) enqueue((change.new ?? change.old!).metadata);
  });
}

/** The controlling owner of the object: `controllerOf(Pod, ReplicaSet)` gives the ReplicaSet's key for a Pod's change. */
export function controllerOf<T extends KubeObject>(schema: SchemaClass<T>, owner: SchemaClass<KubeObject>): Watch {
  return keysOf(schema, ({ metadata }) => {
    const reference = metadata.ownerReferences?.find(({ controller }) => controller);
    return reference && refersTo(reference, owner) ? [{ namespace: metadata.namespace, name: reference.name }] : [];
  });
}

/** Keys computed from the object, as it was and as it is. */
export function keysOf<T extends KubeObject>(
  schema: SchemaClass<T>,
  keys: (object: T) => readonly ObjectKey[],
  scope: InformerScope = {},
): Watch {
  return watch(schema, scope, (change, enqueue) => {
    // The queue drops what both name.
    for (const object of [change.old, change.new]) {
      if (object) keys(object).forEach(enqueue);
    }
  });
}

function watch<T extends KubeObject>(
  schema: SchemaClass<T>,
  scope: InformerScope,
  concerns: (change: CacheChange<T>, enqueue: (key: ObjectKey) => void) => void,
): Watch {
  return {
    attach: (informers, enqueue) =>
      informers.of(schema, scope).onChange((change) => {
        concerns(change, enqueue);
      }),
  };
}

/** Whether the reference is to an object of the kind, in whatever version. */
function refersTo({ apiVersion, kind }: OwnerReference, owner: SchemaClass<KubeObject>): boolean {
  const wanted = kindOf(owner);
  const slash = apiVersion.indexOf('/');
  return kind === wanted.kind && (slash < 0 ? '' : apiVersion.slice(0, slash)) === wanted.group;
}
