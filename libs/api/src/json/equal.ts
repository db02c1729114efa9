/** Whether two JSON values are the same, whatever the order of keys. A key that is undefined counts as absent. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && equalArrays(a, b);
  return !Array.isArray(b) && equalObjects(a as Record<string, unknown>, b as Record<string, unknown>);
}

function equalArrays(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!equalJson(a[i], b[i])) return false;
  return true;
}

function equalObjects(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  let present = 0;
  for (const name in a) {
    const value = a[name];
    if (value === undefined) continue;
    if (!Object.hasOwn(b, name) || !equalJson(value, b[name])) return false;
    present++;
  }
  for (const name in b) if (b[name] !== undefined) present--;
  return present === 0;
}
