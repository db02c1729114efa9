import { Endpoints, EndpointSlice, equalJson, Pod, Selector, Service, type KubeObject } from '@gantry/api';
import type { ObjectKey, ResourceClient } from '@gantry/client';
import { controllerOf, itself, keysOf, type Reconciler } from '@gantry/reconcile';
import type { ReconcilerParts } from '../parts';
import { MANAGER, planEndpoints } from './endpoints.plan';

/** Keeps a service's EndpointSlices and Endpoints those of the pods it selects. */
export class EndpointsReconciler implements Reconciler {
  readonly name = 'endpoints';
  readonly concurrency = 8;
  readonly watches = [
    itself(Service),
    keysOf(Pod, (pod) => this.servicesOf(pod)),
    keysOf(EndpointSlice, ({ metadata: { namespace, labels } }) => {
      const name = labels?.['kubernetes.io/service-name'];
      return name && isManaged(labels) ? [{ namespace, name }] : [];
    }),
    controllerOf(Endpoints, Service),
  ];

  constructor(private readonly parts: ReconcilerParts) {}

  async reconcile(key: ObjectKey): Promise<void> {
    const { informers, client } = this.parts;
    const service = informers.of(Service).cache.get(key);
    // What was made for a service that is gone goes with it: the garbage collector sees to it.
    if (!service) return;
    const plan = planEndpoints(service, informers.of(Pod).cache.inNamespace(key.namespace!));
    if (!plan || service.metadata.deletionTimestamp) return;
    const existing = informers
      .of(EndpointSlice)
      .cache.ownedBy(service.metadata.uid)
      .filter(({ metadata }) => isManaged(metadata.labels));
    const wanted = new Set(plan.slices.map(({ metadata }) => metadata.name));
    const slices = client.resource(EndpointSlice);
    for (const slice of plan.slices) {
      const known = existing.find(({ metadata }) => metadata.name === slice.metadata.name);
      await save(slices, slice, known);
    }
    for (const slice of existing) {
      if (!wanted.has(slice.metadata.name)) await slices.delete(slice.metadata);
    }
    await save(client.resource(Endpoints), plan.endpoints, informers.of(Endpoints).cache.get(key));
  }

  private servicesOf({ metadata: { namespace, labels } }: Pod): ObjectKey[] {
    return this.parts.informers
      .of(Service)
      .cache.inNamespace(namespace)
      .filter(({ spec: { selector } }) => selector && Selector.ofLabels(selector).matches(labels))
      .map(({ metadata }) => metadata);
  }
}

function isManaged(labels: Record<string, string> | undefined): boolean {
  return labels?.['endpointslice.kubernetes.io/managed-by'] === MANAGER;
}

/** Writes an object unless it is there and says the same already. */
async function save<T extends KubeObject>(resource: ResourceClient<T>, wanted: T, known: T | undefined): Promise<void> {
  if (!known) {
    await resource.create(wanted as never);
    return;
  }
  const next = { ...wanted, metadata: { ...known.metadata, ...wanted.metadata } };
  if (!equalJson(next, known)) await resource.update(next);
}
