import { fieldPath, forbiddenField, required } from '../../../errors';
import type { FieldError } from '../../../errors';

interface Words {
  /** When none is set; not complained of unless given. */
  none?: string;
  many: string;
}

/** Of these members of an object exactly one may be set; the complaint names the second one. */
export function checkOneOf(object: object, members: readonly string[], path: string, words: Words): FieldError[] {
  const set = members.filter((name) => (object as Record<string, unknown>)[name] !== undefined);
  if (set.length === 0) return words.none === undefined ? [] : [required(path, words.none)];
  return set.slice(1).map((name) => forbiddenField(fieldPath(path, name), words.many));
}
