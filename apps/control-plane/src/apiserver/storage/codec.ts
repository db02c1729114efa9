import type { KubeObject } from '@gantry/api';
import type { Entry } from '@gantry/store';

/** An object as bytes for the store: JSON without the resourceVersion, which the store itself gives. */
export function encodeObject(object: KubeObject): Buffer {
  return Buffer.from(JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: undefined } }));
}

/** The object of an entry; its resourceVersion is the revision of the entry's last write. */
export function decodeObject(entry: Entry): KubeObject {
  const object = JSON.parse(entry.value.toString()) as KubeObject;
  object.metadata.resourceVersion = String(entry.modRevision);
  return object;
}

/** The revision an object was read at; 0 when it was never stored. */
export function revisionOf(object: KubeObject): number {
  return Number(object.metadata.resourceVersion || 0);
}
