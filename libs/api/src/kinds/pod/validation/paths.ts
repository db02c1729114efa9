import { invalidValue, required } from '../../../errors';
import type { FieldError } from '../../../errors';

/** A path that must stay below the folder it is joined to. */
export function checkDescendingPath(path: string, field: string): FieldError[] {
  if (path.startsWith('/')) return [invalidValue(field, path, 'must be a relative path')];
  if (path.split('/').includes('..')) return [invalidValue(field, path, "must not contain '..'")];
  return [];
}

/** The same for files that are written into a volume: names beginning with `..` are taken by the writer itself. */
export function checkFilePath(path: string, field: string): FieldError[] {
  if (path === '') return [required(field)];
  const errors = checkDescendingPath(path, field);
  if (errors.length === 0 && path.startsWith('..')) return [invalidValue(field, path, "must not start with '..'")];
  return errors;
}

/** Permission bits. */
export function checkMode(mode: number | undefined, field: string): FieldError[] {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return [];
  return [invalidValue(field, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}
