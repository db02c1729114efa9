import type { FieldError } from '../errors';
import type { SchemaClass } from '../fields';
import type { KindInfo } from '../kind';
import type { KubeObject } from '../meta';
import { objectCheck } from './check';
import { checkImmutable } from './immutable';
import { checkMetadata, checkMetadataUpdate } from './metadata';

/** Everything wrong with an object that is to be created: fields and metadata first, then the kind's own rules. */
export function validate<T extends KubeObject>(kind: KindInfo<T>, object: T): FieldError[] {
  const errors = checkMetadata(kind, object.metadata);
  const inMetadata = errors.length;
  objectCheck(kind.schema)(object, errors);
  // A kind's own rules may rely on its fields, but not on its metadata.
  return errors.length > inMetadata ? errors : [...errors, ...(kind.strategy.validate?.(object) ?? [])];
}

/** Everything wrong with an object that is to replace `old`. */
export function validateUpdate<T extends KubeObject>(kind: KindInfo<T>, object: T, old: T): FieldError[] {
  const errors = [
    ...checkMetadataUpdate(object.metadata, old.metadata),
    ...checkImmutable(kind.schema, object, old),
    ...validate(kind, object),
  ];
  return errors.length ? errors : (kind.strategy.validateUpdate?.(object, old) ?? []);
}

/** Everything wrong with an object whose status is to replace that of `old`. */
export function validateStatusUpdate<T extends KubeObject>(kind: KindInfo<T>, object: T, old: T): FieldError[] {
  const errors = [...checkMetadataUpdate(object.metadata, old.metadata), ...checkFields(kind.schema, object)];
  return errors.length ? errors : (kind.strategy.validateStatusUpdate?.(object, old) ?? []);
}

/** What the fields of any decorated class say is wrong with an object of it. */
export function checkFields<T extends object>(schema: SchemaClass<T>, object: T): FieldError[] {
  const errors: FieldError[] = [];
  objectCheck(schema)(object, errors);
  return errors;
}
