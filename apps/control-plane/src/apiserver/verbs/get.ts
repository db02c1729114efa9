import { type KubeObject, notFound } from '@gantry/api';
import { type Answer, type Call, type Services, namespaceOf } from '../call';
import { awaitFreshness } from '../reads/freshness';
import type { View } from '../views/view';

/** Reads one object: from the store, or, where the client settles for a resourceVersion, from the cache. */
export async function get(services: Services, call: Call, view: View): Promise<Answer> {
  const object = await find(services, call);
  if (!object) throw notFound(call.kind, call.request.name!);
  return { body: view.show(object, call.kind) };
}

async function find(services: Services, call: Call): Promise<KubeObject | undefined> {
  const { kind, request, options } = call;
  const namespace = namespaceOf(call);
  if (!options.resourceVersion) return services.storage.read(kind, namespace, request.name!);
  await awaitFreshness(await services.caches.of(kind), options.resourceVersion);
  return services.caches.peek(kind, namespace, request.name!);
}
