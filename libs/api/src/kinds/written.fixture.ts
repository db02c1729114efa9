import { decode } from '../decode';
import { fieldErrorMessage } from '../errors';
import type { SchemaClass } from '../fields';
import { cloneJson } from '../json';
import { kindOf } from '../kind';
import type { Draft, KubeObject } from '../meta';
import { validate, validateUpdate } from '../validation';

/** For specs: an object as it is stored when a client creates it, and what the client is told when it can't be. */
export function created<T extends KubeObject>(
  schema: SchemaClass<T>,
  draft: Draft<T>,
): { object: T; problems: string[] } {
  const kind = kindOf(schema);
  const { object } = decode(kind, draft, { fieldValidation: 'Strict' });
  kind.strategy.applyDefaults?.(object);
  kind.strategy.prepareForCreate?.(object, { now: 0 });
  return { object, problems: validate(kind, object).map(fieldErrorMessage) };
}

/** The same for a change to a stored object. */
export function updated<T extends KubeObject>(
  schema: SchemaClass<T>,
  old: T,
  change: (object: T) => void,
): { object: T; problems: string[] } {
  const kind = kindOf(schema);
  const object = cloneJson(old);
  change(object);
  kind.strategy.applyDefaults?.(object);
  kind.strategy.prepareForUpdate?.(object, old, { now: 0 });
  return { object, problems: validateUpdate(kind, object, old).map(fieldErrorMessage) };
}
