import { Schema, Str } from '../fields';

@Schema({ doc: 'An object of the same namespace, by name.' })
export class LocalObjectReference {
  @Str({ doc: 'Name of the object.', optional: true })
  name?: string;
}

@Schema({ doc: 'An object of any kind in the same namespace.' })
export class TypedLocalObjectReference {
  @Str({ doc: 'API group of the kind; core when absent.', optional: true })
  apiGroup?: string;

  @Str({ doc: 'Kind of the object.' })
  kind!: string;

  @Str({ doc: 'Name of the object.' })
  name!: string;
}

@Schema({ doc: 'An object of any kind, possibly in another namespace.' })
export class TypedObjectReference {
  @Str({ doc: 'API group of the kind; core when absent.', optional: true })
  apiGroup?: string;

  @Str({ doc: 'Kind of the object.' })
  kind!: string;

  @Str({ doc: 'Name of the object.' })
  name!: string;

  @Str({ doc: 'Namespace of the object; that of the referring object when absent.', optional: true })
  namespace?: string;
}

@Schema({ doc: 'Points to any object, or to a part of it.' })
export class ObjectReference {
  @Str({ doc: "Group and version of the object's kind.", optional: true })
  apiVersion?: string;

  @Str({ doc: 'Kind of the object.', optional: true })
  kind?: string;

  @Str({ doc: 'Namespace of the object.', optional: true })
  namespace?: string;

  @Str({ doc: 'Name of the object.', optional: true })
  name?: string;

  @Str({ doc: 'UID of the object, to tell it from a later one of the same name.', optional: true })
  uid?: string;

  @Str({ doc: 'Version of the object that is meant.', optional: true })
  resourceVersion?: string;

  @Str({ doc: 'Part of the object, such as `spec.containers{front}`.', optional: true })
  fieldPath?: string;
}
