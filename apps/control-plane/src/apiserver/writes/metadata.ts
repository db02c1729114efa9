import { nameSuffix, uuid } from '@gantry/base';
import { type KindInfo, type KubeObject, type ObjectMeta, badRequest, conflict } from '@gantry/api';
import { type Call, namespaceOf, timestamp } from '../call';

// A generated name must still fit a DNS label after its suffix.
const MAX_GENERATED_BASE = 58;

/** Metadata of an object that is being created: the server's part is set, whatever the client sent. */
export function initMetadata(call: Call, object: KubeObject): void {
  const { metadata } = object;
  if (metadata.resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created');
  checkNamespace(call, metadata);
  if (!metadata.name && metadata.generateName) metadata.name = generatedName(metadata.generateName);
  metadata.uid = uuid();
  metadata.creationTimestamp = timestamp(call.now);
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.generation;
  dropUnkept(metadata);
  if ('spec' in object) metadata.generation = 1;
}

export function generatedName(prefix: string): string {
  return prefix.slice(0, MAX_GENERATED_BASE) + nameSuffix();
}

/** Metadata of an object that replaces `old`: what only the server changes is taken from there. */
export function carryMetadata(call: Call, object: KubeObject, old: KubeObject): void {
  const { metadata } = object;
  checkNamespace(call, metadata);
  if (metadata.uid && metadata.uid !== old.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata.uid}`;
    throw conflict(call.kind, old.metadata.name, why);
  }
  const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation } = old.metadata;
  Object.assign(metadata, { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation });
  dropUnkept(metadata);
}

/** The object in a body must be the one the URL names. */
export function checkNameInUrl(name: string, metadata: Partial<ObjectMeta> | undefined): void {
  if (metadata?.name && metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
}

/** Throws Conflict unless the client, if it said which version it changes, knows the latest one. */
export function checkResourceVersion(kind: KindInfo, claimed: string | undefined, current: KubeObject): void {
  if (claimed && claimed !== '0' && claimed !== current.metadata.resourceVersion) {
    throw conflict(kind, current.metadata.name);
  }
}

function checkNamespace(call: Call, metadata: ObjectMeta): void {
  const namespace = namespaceOf(call);
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  metadata.namespace = namespace;
}

function dropUnkept(metadata: ObjectMeta): void {
  delete metadata.selfLink;
  delete metadata.managedFields;
}
