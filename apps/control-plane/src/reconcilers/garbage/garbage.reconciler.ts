import { builtinKinds, isStatus, type KindInfo, type KubeObject, type OwnerReference } from '@gantry/api';
import type { Closeable } from '@gantry/base';
import type { Informer, InformerSet, ObjectKey } from '@gantry/client';
import type { Reconciler, Watch } from '@gantry/reconcile';
import type { ReconcilerParts } from '../parts';
import { FOREGROUND, planDependent, planOwner, type OwnerState } from './garbage.plan';

/**
 * Deletes what nobody owns any more, and lets owners wait for, or part from, what they own. It knows every kind and
 * only metadata. Its keys are `resource.group:namespace/name`.
 */
export class GarbageReconciler implements Reconciler {
  readonly name = 'garbage';
  readonly concurrency = 8;
  readonly watches: Watch[];
  private readonly kinds = builtinKinds
    .all()
    .filter(({ verbs, plural }) => verbs.includes('watch') && plural !== 'events');

  constructor(private readonly parts: ReconcilerParts) {
    this.watches = this.kinds.map((kind) => this.watch(kind));
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const { kind, key: objectKey } = this.parse(key);
    const object = this.informer(kind).cache.get(objectKey);
    if (!object) return;
    await this.settleOwner(kind, object);
    await this.settleDependent(kind, object);
  }

  // A change concerns the object itself, its owners (one dependent fewer to wait for), and, when it is deleted or about
  // to be, those it owns.
  private watch(kind: KindInfo): Watch {
    return {
      attach: (informers: InformerSet, enqueue): Closeable =>
        this.informer(kind, informers).onChange(({ old, new: current }) => {
          const object = current ?? old!;
          const { deletionTimestamp, ownerReferences = [], uid } = object.metadata;
          if (current && (ownerReferences.length > 0 || deletionTimestamp)) enqueue(keyOf(kind, object));
          if (!current || deletionTimestamp) {
            for (const [dependentKind, dependent] of this.dependents(uid)) enqueue(keyOf(dependentKind, dependent));
            for (const reference of ownerReferences) {
              const ownerKind = this.kindNamed(reference);
              const owner = ownerKind && this.cached(ownerKind, reference, object.metadata.namespace);
              if (owner?.metadata.deletionTimestamp) enqueue(keyOf(ownerKind!, owner));
            }
          }
        }),
    };
  }

  private async settleOwner(kind: KindInfo, owner: KubeObject): Promise<void> {
    const dependents = this.dependents(owner.metadata.uid);
    const action = planOwner(
      owner,
      dependents.map(([, dependent]) => dependent),
    );
    if (action.type === 'orphanDependents') {
      for (const [dependentKind, dependent] of dependents) {
        const keep = dependent.metadata.ownerReferences!.filter(({ uid }) => uid !== owner.metadata.uid);
        await this.setReferences(dependentKind, dependent, keep);
      }
    }
    if (action.type === 'release' || action.type === 'orphanDependents') {
      const finalizer = action.type === 'release' ? action.finalizer : 'orphan';
      const finalizers = owner.metadata.finalizers!.filter((name) => name !== finalizer);
      await this.patch(kind, owner, { finalizers });
    }
  }

  private async settleDependent(kind: KindInfo, object: KubeObject): Promise<void> {
    const states = new Map<string, OwnerState>();
    for (const reference of object.metadata.ownerReferences ?? []) {
      states.set(reference.uid, await this.ownerState(reference, object.metadata.namespace));
    }
    const action = planDependent(object, ({ uid }) => states.get(uid)!);
    if (action.type === 'dropReferences') await this.setReferences(kind, object, action.keep);
    if (action.type !== 'delete') return;
    const foreground = [...states.values()].includes('deletingForeground');
    const body = {
      preconditions: { uid: object.metadata.uid },
      propagationPolicy: foreground ? 'Foreground' : 'Background',
    };
    await this.ignoreGone(this.request(kind, object, { verb: 'delete', body }));
  }

  // The cache may not know a new owner yet: before anything is deleted for want of one, the server is asked.
  private async ownerState(reference: OwnerReference, namespace: string | undefined): Promise<OwnerState> {
    const kind = this.kindNamed(reference);
    // An owner of a kind that is not served can't be looked up: nothing may be deleted for it.
    if (!kind) return 'present';
    const owner = this.cached(kind, reference, namespace) ?? (await this.ask(kind, reference, namespace));
    if (owner?.metadata.uid !== reference.uid) return 'absent';
    const { deletionTimestamp, finalizers } = owner.metadata;
    return deletionTimestamp && finalizers?.includes(FOREGROUND) ? 'deletingForeground' : 'present';
  }

  private cached(kind: KindInfo, { name, uid }: OwnerReference, namespace: string | undefined): KubeObject | undefined {
    const found = this.informer(kind).cache.get({ namespace: kind.namespaced ? namespace : undefined, name });
    return found?.metadata.uid === uid ? found : undefined;
  }

  private async ask(kind: KindInfo, { name }: OwnerReference, namespace?: string): Promise<KubeObject | undefined> {
    const metadata = { namespace: kind.namespaced ? namespace : undefined, name };
    const answer = await this.ignoreGone(this.request(kind, { metadata }, { verb: 'get' }));
    return answer as KubeObject | undefined;
  }

  private dependents(uid: string): [KindInfo, KubeObject][] {
    return this.kinds.flatMap((kind) =>
      this.informer(kind)
        .cache.ownedBy(uid)
        .map((object): [KindInfo, KubeObject] => [kind, object]),
    );
  }

  private setReferences(kind: KindInfo, object: KubeObject, references: OwnerReference[]): Promise<void> {
    return this.patch(kind, object, { ownerReferences: references.length > 0 ? references : null });
  }

  private async patch(kind: KindInfo, object: KubeObject, change: object): Promise<void> {
    const { uid, resourceVersion } = object.metadata;
    const body = { metadata: { uid, resourceVersion, ...change } };
    await this.ignoreGone(this.request(kind, object, { verb: 'patch', patchType: 'merge', body }));
  }

  private request(
    { group, version, resource }: KindInfo,
    { metadata: { namespace, name } }: { metadata: ObjectKey },
    call: { verb: 'get' | 'delete' | 'patch'; patchType?: 'merge'; body?: unknown },
  ): Promise<unknown> {
    return this.parts.client.transport.request({ group, version, resource, namespace, name, ...call });
  }

  private async ignoreGone(answer: Promise<unknown>): Promise<unknown> {
    return answer.catch((error: unknown) => {
      if (isStatus(error, 'NotFound')) return undefined;
      throw error;
    });
  }

  private informer(kind: KindInfo, informers: InformerSet = this.parts.informers): Informer<KubeObject> {
    return informers.of(kind.schema);
  }

  private kindNamed({ apiVersion, kind }: OwnerReference): KindInfo | undefined {
    const slash = apiVersion.indexOf('/');
    const group = slash < 0 ? '' : apiVersion.slice(0, slash);
    return this.kinds.find((candidate) => candidate.kind === kind && candidate.group === group);
  }

  private parse({ namespace = '', name }: ObjectKey): { kind: KindInfo; key: ObjectKey } {
    const text = namespace ? `${namespace}/${name}` : name;
    const colon = text.indexOf(':');
    const kind = this.kinds.find((candidate) => label(candidate) === text.slice(0, colon))!;
    const [first = '', second] = text.slice(colon + 1).split('/');
    return { kind, key: second === undefined ? { name: first } : { namespace: first, name: second } };
  }
}

const label = ({ plural, group }: KindInfo): string => `${plural}.${group}`;

// The engine splits keys at the first slash, and puts them together again in the same way.
function keyOf(kind: KindInfo, { metadata: { namespace, name } }: KubeObject): ObjectKey {
  return namespace ? { namespace: `${label(kind)}:${namespace}`, name } : { name: `${label(kind)}:${name}` };
}
