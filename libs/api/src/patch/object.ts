export type JsonObject = Record<string, unknown>;

/** A JSON object, as opposed to a list, a scalar or null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
