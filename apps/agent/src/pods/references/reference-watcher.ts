import { ConfigMap, Secret, type Pod } from '@gantry/api';
import type { Closeable } from '@gantry/base';
import { Informer, type InformerOptions, type TypedClient } from '@gantry/client';
import type { PodReferences } from '../spec/environment';
import { referencedObjects, type ObjectReference } from './referenced-objects';

interface Watched {
  informer: Informer<ConfigMap> | Informer<Secret>;
  /** Uids of the pods that name the object. */
  users: Set<string>;
}

/**
 * Follows exactly those Secrets and ConfigMaps that this node's pods name, one watch each, so that a node never
 * sees another's secrets and a change reaches the pod at once.
 */
export class ReferenceWatcher implements Closeable {
  private readonly watched = new Map<string, Watched>();

  constructor(
    private readonly client: TypedClient,
    private readonly options: InformerOptions,
    /** An object that this pod names has changed. */
    private readonly onChange: (podUid: string) => void,
  ) {}

  /** Watches what the pod names; resolves once each of these is known, or known to be missing. */
  async use(pod: Pod): Promise<void> {
    const uses = referencedObjects(pod).map((reference) => this.watch(pod.metadata.namespace, reference));
    for (const { users } of uses) users.add(pod.metadata.uid);
    await Promise.all(uses.map(({ informer }) => informer.synced()));
  }

  /** The pod names nothing any more. */
  release(podUid: string): void {
    for (const [key, { informer, users }] of this.watched) {
      if (!users.delete(podUid) || users.size > 0) continue;
      void informer.close();
      this.watched.delete(key);
    }
  }

  of(pod: Pod): PodReferences {
    const namespace = pod.metadata.namespace;
    const find = (kind: ObjectReference['kind'], name: string) =>
      this.watched.get(keyOf(namespace, { kind, name }))?.informer.cache.get({ namespace, name });
    return {
      configMap: (name) => find('configmaps', name),
      secret: (name) => find('secrets', name) as Secret | undefined,
    };
  }

  async close(): Promise<void> {
    const informers = [...this.watched.values()].map(({ informer }) => informer);
    this.watched.clear();
    await Promise.all(informers.map((informer) => informer.close()));
  }

  private watch(namespace: string, reference: ObjectReference): Watched {
    const key = keyOf(namespace, reference);
    const known = this.watched.get(key);
    if (known) return known;
    const scope = { namespace, fieldSelector: `metadata.name=${reference.name}` };
    const informer =
      reference.kind === 'secrets'
        ? new Informer(this.client.resource(Secret), scope, this.options)
        : new Informer(this.client.resource(ConfigMap), scope, this.options);
    const watched: Watched = { informer, users: new Set() };
    informer.onChange(() => {
      for (const uid of watched.users) this.onChange(uid);
    });
    informer.start();
    this.watched.set(key, watched);
    return watched;
  }
}

const keyOf = (namespace: string, { kind, name }: ObjectReference): string => `${kind}/${namespace}/${name}`;
