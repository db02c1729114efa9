import { applyPatch } from 'rfc6902';
import type { Operation } from 'rfc6902';
import { StatusError } from '../errors';
import { cloneJson } from '../json';
import { inapplicablePatch, malformedPatch } from './errors';

/** More operations than this in one patch are refused, as in Kubernetes. */
const MAX_OPERATIONS = 10_000;

const OPERATIONS = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

/**
 * Applies a JSON patch (RFC 6902) and gives the result; `document` stays as it is.
 * Throws BadRequest for a malformed patch and Invalid (422) when an operation does not fit, a failed `test` included.
 */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  const operations = readOperations(patch);
  // The wrapping object lets operations on the whole document (path '') replace it.
  const holder = { document: cloneJson(document) };
  for (const operation of operations) {
    const [error] = tryOperation(holder, operation);
    if (error) throw inapplicablePatch(`${operation.op} operation at "${operation.path}": ${error.message}`);
  }
  return holder.document;
}

function tryOperation(holder: { document: unknown }, operation: Operation): (Error | null)[] {
  const moved = { ...operation, path: `/document${operation.path}` };
  if ('from' in moved) moved.from = `/document${moved.from}`;
  return applyPatch(holder, [moved]);
}

function readOperations(patch: unknown): Operation[] {
  if (!Array.isArray(patch)) throw malformedPatch('a JSON patch must be a list of operations');
  if (patch.length > MAX_OPERATIONS) {
    const message = `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`;
    throw new StatusError('RequestEntityTooLarge', message);
  }
  return patch.map(readOperation);
}

function readOperation(operation: unknown, index: number): Operation {
  const { op, path, from, value } = (operation ?? {}) as Record<string, unknown>;
  const complain = (why: string) => malformedPatch(`invalid JSON patch: operation ${index}: ${why}`);
  if (typeof op !== 'string' || !OPERATIONS.has(op)) throw complain(`unknown op ${JSON.stringify(op)}`);
  if (!isPointer(path)) throw complain('path must be a JSON pointer');
  if ((op === 'move' || op === 'copy') && !isPointer(from)) throw complain('from must be a JSON pointer');
  if ((op === 'add' || op === 'replace' || op === 'test') && value === undefined) throw complain('value is missing');
  return operation as Operation;
}

function isPointer(text: unknown): text is string {
  return typeof text === 'string' && (text === '' || text.startsWith('/'));
}
