import { AnyJson, Bool, Int, ListOf, MapOf, Obj, Schema, Str, Timestamp } from '../fields';
import { META_PACKAGE } from './package';

@Schema({
  package: META_PACKAGE,
  doc: 'An object that owns this one; when all owners are gone, the garbage collector deletes it.',
  atomic: true,
})
export class OwnerReference {
  @Str({ doc: 'API version of the owner.' })
  apiVersion!: string;

  @Str({ doc: 'Kind of the owner.' })
  kind!: string;

  @Str({ doc: 'Name of the owner.' })
  name!: string;

  @Str({ doc: 'UID of the owner.' })
  uid!: string;

  @Bool({ doc: 'Whether the owner is the one that manages this object. At most one owner is.', optional: true })
  controller?: boolean;

  @Bool({ doc: 'Whether foreground deletion of the owner waits for this object.', optional: true })
  blockOwnerDeletion?: boolean;
}

@Schema({ package: META_PACKAGE, doc: 'Which fields of the object one manager has applied.' })
export class ManagedFieldsEntry {
  @Str({ doc: 'Who manages the fields.', optional: true })
  manager?: string;

  @Str({ doc: 'How the manager came to own them.', optional: true, enum: ['Apply', 'Update'] })
  operation?: 'Apply' | 'Update';

  @Str({ doc: 'API version that the field names belong to.', optional: true })
  apiVersion?: string;

  @Timestamp({ doc: 'When the entry last changed.', optional: true })
  time?: string;

  @Str({ doc: 'Format of fieldsV1; only FieldsV1 exists.', optional: true })
  fieldsType?: string;

  @AnyJson({ doc: 'The set of fields: a tree of f:name, k:{key} and v:value entries.', optional: true })
  fieldsV1?: Record<string, unknown>;

  @Str({ doc: 'Subresource through which the fields were written, if any.', optional: true })
  subresource?: string;
}

@Schema({ package: META_PACKAGE, doc: 'Metadata that every stored object has.' })
export class ObjectMeta {
  @Str({ doc: 'Unique within a namespace. Cannot be changed.', filled: true })
  name!: string;

  @Str({ doc: 'Prefix from which the server makes a unique name when no name is given.', optional: true })
  generateName?: string;

  @Str({ doc: 'Space within which the name is unique. Absent on cluster-scoped objects.', optional: true })
  namespace?: string;

  @Str({ doc: 'Deprecated; not set.', optional: true })
  selfLink?: string;

  @Str({ doc: 'Unique in time and space; set by the server.', filled: true })
  uid!: string;

  @Str({ doc: 'Version of the object for optimistic concurrency and watches. Opaque to clients.', filled: true })
  resourceVersion!: string;

  @Int({ doc: 'Number of the desired state; grows when the spec changes.', optional: true, bits: 64 })
  generation?: number;

  @Timestamp({ doc: 'When the server created the object.', filled: true })
  creationTimestamp!: string;

  @Timestamp({ doc: 'When the object will be gone, once its deletion was asked for.', optional: true })
  deletionTimestamp?: string;

  @Int({ doc: 'Seconds of grace the object has until it is removed.', optional: true, bits: 64 })
  deletionGracePeriodSeconds?: number;

  @MapOf('string', { doc: 'Keys and values to select objects by.', optional: true })
  labels?: Record<string, string>;

  @MapOf('string', { doc: 'Keys and values for tools; not for selecting.', optional: true })
  annotations?: Record<string, string>;

  @ListOf(() => OwnerReference, {
    doc: 'Objects that this one depends on.',
    optional: true,
    listMapKeys: ['uid'],
    patchMergeKey: 'uid',
    patchStrategy: 'merge',
  })
  ownerReferences?: OwnerReference[];

  @ListOf('string', {
    doc: 'Names of those who must act before the object is removed.',
    optional: true,
    listType: 'set',
    patchStrategy: 'merge',
  })
  finalizers?: string[];

  @ListOf(() => ManagedFieldsEntry, { doc: 'Which fields are managed by whom.', optional: true })
  managedFields?: ManagedFieldsEntry[];
}

/** What every object of every kind has; the base of cluster-scoped kinds. */
export abstract class KubeObject {
  @Str({ doc: 'Group and version of the schema of this object, such as apps/v1.', filled: true })
  apiVersion!: string;

  @Str({ doc: 'The resource this object represents, in CamelCase.', filled: true })
  kind!: string;

  @Obj(() => ObjectMeta, { doc: 'Standard metadata.', default: {} })
  metadata!: ObjectMeta;
}

/** The base of kinds whose objects live in namespaces. */
export abstract class NamespacedObject extends KubeObject {
  declare metadata: ObjectMeta & { namespace: string };
}

/** An object on its way to the server: any part may be missing, to be filled in or refused there. */
export type Draft<T> = T extends readonly (infer I)[]
  ? Draft<I>[]
  : T extends object
    ? { [K in keyof T]?: Draft<T[K]> }
    : T;
