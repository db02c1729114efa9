import { fieldsOf } from '../fields';
import type { FieldFacts, FieldType, SchemaClass } from '../fields';
import { setEntry } from '../json';
import { malformedPatch } from './errors';
import { isObject } from './object';
import type { JsonObject } from './object';
import { orderItems } from './order';
import { ListDirective, withoutDirectives } from './directives';

/**
 * Applies a strategic merge patch (Kubernetes' own format): objects merge, lists merge by their declared key or are
 * replaced, `null` removes, and directives (`$patch`, `$retainKeys`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`)
 * say what plain merging can't. Gives the result; parts that did not change are shared with `document`.
 * Throws BadRequest when a directive is malformed or an item lacks its merge key.
 */
export function applyStrategicPatch(schema: SchemaClass, document: JsonObject, patch: unknown): JsonObject {
  if (!isObject(patch)) throw malformedPatch('a strategic merge patch must be an object');
  return mergeObjects(document, patch, { is: 'object', of: () => schema });
}

function mergeObjects(original: JsonObject, patch: JsonObject, type: FieldType | undefined): JsonObject {
  const { $patch: directive, ...rest } = patch;
  if (directive === 'replace') return withoutDirectives(rest) as JsonObject;
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') throw unknownDirective(directive);
  const result = retained(original, patch);
  for (const [name, value] of Object.entries(patch)) {
    const list = ListDirective.read(name);
    if (list?.directive === '$deleteFromPrimitiveList') removeFromList(result, list.field, value);
    else if (list?.directive === '$setElementOrder') orderList(result, patch, list.field, value, type);
    else if (!name.startsWith('$')) mergeField(result, patch, name, type);
  }
  return result;
}

function mergeField(result: JsonObject, patch: JsonObject, name: string, type: FieldType | undefined): void {
  const value = patch[name];
  if (value === null) {
    Reflect.deleteProperty(result, name);
    return;
  }
  const original = Object.hasOwn(result, name) ? result[name] : undefined;
  const facts = factsOf(type, name);
  const replaces = facts?.patchStrategy === 'replace';
  if (isObject(value) && isObject(original) && !replaces) {
    setEntry(result, name, mergeObjects(original, value, typeOf(type, name)));
  } else if (Array.isArray(value) && Array.isArray(original) && merges(facts)) {
    const order = ListDirective.orderOf(patch, name) ?? value;
    setEntry(result, name, mergeLists(original, value, order, facts!));
  } else {
    setEntry(result, name, withoutDirectives(value));
  }
}

function mergeLists(original: unknown[], patch: unknown[], order: unknown[], facts: FieldFacts): unknown[] {
  if (!facts.patchMergeKey) return orderItems(union(original, patch), order, original, identity);
  const key = facts.patchMergeKey;
  const itemType = facts.type.is === 'list' ? facts.type.items : undefined;
  if (patch.some((item) => isObject(item) && item.$patch === 'replace')) {
    return patch.filter((item) => !isObject(item) || item.$patch === undefined).map(withoutDirectives);
  }
  const merged = [...original];
  for (const item of patch) mergeItem(merged, item, key, itemType);
  return orderItems(merged, order, original, (item) => (isObject(item) ? item[key] : item));
}

function mergeItem(items: unknown[], item: unknown, key: string, type: FieldType | undefined): void {
  if (!isObject(item)) throw malformedPatch(`expected an object with key ${JSON.stringify(key)} in the patch's list`);
  const identifier = item[key];
  if (identifier === undefined || identifier === null) {
    throw malformedPatch(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
  }
  const isSame = (other: unknown) => isObject(other) && other[key] === identifier;
  if (item.$patch === 'delete') {
    for (let i = items.length - 1; i >= 0; i--) if (isSame(items[i])) items.splice(i, 1);
    return;
  }
  if (item.$patch !== undefined && item.$patch !== 'merge') throw unknownDirective(item.$patch);
  const index = items.findIndex(isSame);
  if (index < 0) items.push(withoutDirectives(item));
  else items[index] = mergeObjects(items[index] as JsonObject, item, type);
}

/** `$retainKeys`: the keys that may stay; all others of the original go. */
function retained(original: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch.$retainKeys;
  if (keys === undefined) return { ...original };
  if (!Array.isArray(keys)) throw malformedPatch('invalid patch format of retainKeys');
  const missing = Object.keys(patch).some((name) => !name.startsWith('$') && !keys.includes(name));
  if (missing) throw malformedPatch('invalid patch format of retainKeys');
  return Object.fromEntries(Object.entries(original).filter(([name]) => keys.includes(name)));
}

function removeFromList(result: JsonObject, field: string, values: unknown): void {
  if (!Array.isArray(values)) throw malformedPatch('invalid patch format of primitive list');
  const original = result[field];
  if (Array.isArray(original)) result[field] = original.filter((item) => !values.includes(item));
}

/** `$setElementOrder` without items to merge: only the order changes. */
function orderList(
  result: JsonObject,
  patch: JsonObject,
  field: string,
  order: unknown,
  type: FieldType | undefined,
): void {
  if (!Array.isArray(order)) throw malformedPatch('invalid patch format of setElementOrder list');
  const original = result[field];
  const facts = factsOf(type, field);
  if (patch[field] === undefined && Array.isArray(original) && merges(facts)) {
    result[field] = mergeLists(original, [], order, facts!);
  }
}

function merges(facts: FieldFacts | undefined): boolean {
  return facts?.patchStrategy === 'merge' || facts?.patchStrategy === 'merge,retainKeys';
}

function factsOf(type: FieldType | undefined, name: string): FieldFacts | undefined {
  return type?.is === 'object' ? fieldsOf(type.of()).get(name) : undefined;
}

function typeOf(type: FieldType | undefined, name: string): FieldType | undefined {
  return type?.is === 'map' ? type.values : factsOf(type, name)?.type;
}

function union(original: unknown[], patch: unknown[]): unknown[] {
  return [...new Set([...original, ...patch])];
}

function identity(item: unknown): unknown {
  return item;
}

function unknownDirective(directive: unknown): Error {
  return malformedPatch(`unknown patch type found: ${JSON.stringify(directive)}`);
}
