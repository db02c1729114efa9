import { type KindInfo, type KubeObject, serverTimeout } from '@gantry/api';
import {
  AmbiguousWrite,
  type ListOptions,
  type ListResult,
  type Operation,
  type Store,
  objectKey,
} from '@gantry/store';
import { decodeObject, encodeObject, revisionOf } from './codec';

export function keyOf(kind: KindInfo, object: KubeObject): string {
  return objectKey(kind.group, kind.plural, object.metadata.namespace, object.metadata.name);
}

// Events tell what happened lately; nobody deletes them, so they go by themselves.
const LIFETIME_SECONDS: Readonly<Record<string, number>> = { events: 3600, 'events.events.k8s.io': 3600 };

type Write = Exclude<Operation, { type: 'check' }>;

/**
 * Objects in the store. Every write carries the revision it was decided on and fails with PreconditionFailed when the
 * object is otherwise by now. `companions` are written in the same transaction: what lives and dies with the object.
 */
export class ObjectStorage {
  constructor(private readonly store: Store) {}

  /** Linearizable. */
  async read(kind: KindInfo, namespace: string | undefined, name: string): Promise<KubeObject | undefined> {
    const entry = await this.store.get(objectKey(kind.group, kind.plural, namespace, name));
    return entry && decodeObject(entry);
  }

  /** Entries as of a past revision. Throws RevisionCompacted for one no longer kept. */
  async list(prefix: string, options: ListOptions): Promise<ListResult> {
    return this.store.list(prefix, options);
  }

  /** Stores the object over the one of revision `expect` (0 = it is new), and gives it its resourceVersion. */
  async write(
    kind: KindInfo,
    object: KubeObject,
    expect: number,
    companions: readonly Operation[] = [],
  ): Promise<void> {
    const leaseSeconds = LIFETIME_SECONDS[kind.qualifiedResource];
    const put: Write = { type: 'put', key: keyOf(kind, object), value: encodeObject(object), expect, leaseSeconds };
    object.metadata.resourceVersion = String(await this.commit(kind, put, companions));
  }

  /** Removes exactly the object that was read, and returns the revision of its end. */
  async remove(kind: KindInfo, object: KubeObject, companions: readonly Operation[] = []): Promise<number> {
    return this.commit(kind, { type: 'delete', key: keyOf(kind, object), expect: revisionOf(object) }, companions);
  }

  private async commit(kind: KindInfo, write: Write, companions: readonly Operation[]): Promise<number> {
    try {
      return (await this.store.commit([write, ...companions])).revision;
    } catch (error) {
      if (!(error instanceof AmbiguousWrite)) throw error;
      return this.settle(kind, write, error);
    }
  }

  /**
   * Finds out what became of a write without an answer. Transactions are whole, so the object alone tells. Not seeing
   * the write proves nothing (it may still arrive), so then the client is told that the outcome is unknown.
   */
  private async settle(kind: KindInfo, write: Write, cause: AmbiguousWrite): Promise<number> {
    const entry = await this.store.get(write.key);
    if (write.type === 'delete' && !entry) return this.store.revision();
    if (write.type === 'put' && entry?.value.equals(write.value)) return entry.modRevision;
    throw Object.assign(serverTimeout(kind, write.type === 'put' ? 'write' : 'delete'), { cause });
  }
}
