import { setEntry } from '../json';
import { isObject } from './object';
import type { JsonObject } from './object';

const PATTERN = /^(\$setElementOrder|\$deleteFromPrimitiveList)\/(.*)$/s;

/** A directive about a list, which stands beside the list in the patch: `$setElementOrder/containers`. */
export class ListDirective {
  private constructor(
    readonly directive: '$setElementOrder' | '$deleteFromPrimitiveList',
    readonly field: string,
  ) {}

  static read(name: string): ListDirective | undefined {
    if (!name.startsWith('$')) return undefined;
    const match = PATTERN.exec(name);
    return match ? new ListDirective(match[1] as ListDirective['directive'], match[2]!) : undefined;
  }

  /** The order that the patch sets for a list, if it does. */
  static orderOf(patch: JsonObject, field: string): unknown[] | undefined {
    const order = patch[`$setElementOrder/${field}`];
    return Array.isArray(order) ? order : undefined;
  }
}

/** A part of a patch as it is stored where there was nothing to merge with: no directives, no nulls. */
export function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((item) => !isObject(item) || !isDirectiveItem(item)).map(withoutDirectives);
  }
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [name, entry] of Object.entries(value)) {
    if (entry !== null && !isDirectiveName(name)) setEntry(result, name, withoutDirectives(entry));
  }
  return result;
}

function isDirectiveName(name: string): boolean {
  return name === '$patch' || name === '$retainKeys' || ListDirective.read(name) !== undefined;
}

/** An item that says something about others (`$patch: replace` alone, or what to delete). */
function isDirectiveItem(item: JsonObject): boolean {
  return item.$patch === 'delete' || (item.$patch !== undefined && Object.keys(item).length === 1);
}
