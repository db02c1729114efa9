import { builtinKinds, ConfigMap, isStatus, Namespace, ServiceAccount, type KindInfo } from '@gantry/api';
import type { ObjectKey } from '@gantry/client';
import { itself, keysOf, type Reconciler, type Result } from '@gantry/reconcile';
import type { ReconcilerParts } from '../parts';

const FINALIZER = 'kubernetes';
const CA_BUNDLE = 'kube-root-ca.crt';
const DEFAULT_ACCOUNT = 'default';
// Pods take their grace period to go; there is no event when the last object of any kind has gone.
const LOOK_AGAIN_MS = 500;

/** Gives each namespace what every one has, and empties one that is being deleted. */
export class NamespaceReconciler implements Reconciler {
  readonly name = 'namespace';
  readonly watches = [
    itself(Namespace),
    keysOf(ServiceAccount, ({ metadata }) => [{ name: metadata.namespace }]),
    keysOf(ConfigMap, ({ metadata }) => (metadata.name === CA_BUNDLE ? [{ name: metadata.namespace }] : [])),
  ];

  constructor(
    private readonly parts: ReconcilerParts,
    /** The cluster CA's certificate, PEM: what pods trust the API by. */
    private readonly certificateAuthority: string,
  ) {}

  async reconcile(key: ObjectKey): Promise<Result | undefined> {
    const namespace = this.parts.informers.of(Namespace).cache.get(key);
    if (!namespace) return undefined;
    if (namespace.metadata.deletionTimestamp) return this.empty(namespace);
    await this.furnish(namespace.metadata.name);
    return undefined;
  }

  private async furnish(namespace: string): Promise<void> {
    const { informers, client } = this.parts;
    const account = { namespace, name: DEFAULT_ACCOUNT };
    if (!informers.of(ServiceAccount).cache.get(account)) {
      await ifMissing(client.resource(ServiceAccount).create({ metadata: account }));
    }
    const bundle = { namespace, name: CA_BUNDLE };
    const known = informers.of(ConfigMap).cache.get(bundle);
    const data = { 'ca.crt': this.certificateAuthority };
    if (!known) await ifMissing(client.resource(ConfigMap).create({ metadata: bundle, data }));
    else if (known.data?.['ca.crt'] !== this.certificateAuthority) {
      await client.resource(ConfigMap).patch(bundle, 'merge', { data });
    }
  }

  private async empty(namespace: Namespace): Promise<Result | undefined> {
    const { name } = namespace.metadata;
    let left = 0;
    for (const kind of builtinKinds.all()) if (isContent(kind)) left += await this.deleteAll(kind, name);
    if (left > 0) return { requeueAfter: LOOK_AGAIN_MS };
    const finalizers = (namespace.spec?.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
    const body = { ...namespace, spec: { ...namespace.spec, finalizers } };
    await this.parts.client.transport
      .request({
        verb: 'update',
        group: '',
        version: 'v1',
        resource: 'namespaces',
        name,
        subresource: 'finalize',
        body,
      })
      .catch((error: unknown) => {
        if (!isStatus(error, 'NotFound', 'Conflict')) throw error;
      });
    return undefined;
  }

  /** Asks for the deletion of all objects of a kind; how many are left. */
  private async deleteAll({ group, version, resource }: KindInfo, namespace: string): Promise<number> {
    const { transport } = this.parts.client;
    const target = { group, version, resource, namespace };
    const remaining = async (): Promise<number> =>
      ((await transport.request({ verb: 'list', ...target })) as { items: unknown[] }).items.length;
    if ((await remaining()) === 0) return 0;
    await transport.request({ verb: 'deletecollection', ...target });
    return remaining();
  }
}

function isContent(kind: KindInfo): boolean {
  return kind.namespaced && kind.verbs.includes('deletecollection');
}

/** Somebody else may have been first, or the namespace is going away: both leave nothing to do. */
async function ifMissing(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => {
    if (!isStatus(error, 'AlreadyExists', 'NotFound', 'Forbidden')) throw error;
  });
}
