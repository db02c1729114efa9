import { type KindInfo, type KindRegistry, type KubeObject, namespaceTerminating, notFound } from '@gantry/api';
import { type Operation, objectKey } from '@gantry/store';
import { type Call, type Services, namespaceOf } from '../call';
import { revisionOf } from '../storage/codec';

/**
 * Refuses a creation in a namespace that is missing or being deleted. The returned check makes the creation fail when
 * the namespace changes before it is stored, so nothing is ever left behind in a namespace that is gone.
 */
export async function guardNamespace(
  services: Services,
  call: Call,
  name: string,
  fresh: boolean,
): Promise<Operation[]> {
  const namespace = namespaceOf(call);
  if (namespace === undefined) return [];
  const found = await findNamespace(services, namespace, fresh);
  if (!found) throw notFound(namespaceKind(services.kinds), namespace);
  if (found.metadata.deletionTimestamp) throw namespaceTerminating(call.kind, name, namespace);
  return [{ type: 'check', key: namespaceKey(namespace), expect: revisionOf(found) }];
}

function namespaceKey(namespace: string): string {
  return objectKey('', 'namespaces', undefined, namespace);
}

async function findNamespace(services: Services, name: string, fresh: boolean): Promise<KubeObject | undefined> {
  const kind = namespaceKind(services.kinds);
  const cached = fresh ? undefined : services.caches.peek(kind, undefined, name);
  return cached ?? services.storage.read(kind, undefined, name);
}

function namespaceKind(kinds: KindRegistry): KindInfo {
  return kinds.byResource({ group: '', version: 'v1', resource: 'namespaces' })!;
}
