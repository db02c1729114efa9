/**
 * The order of a merged list: items named by `order` follow it; the others keep their places among themselves and,
 * as far as possible, towards the ordered ones as they stood in `original`. `keyOf` tells which items are the same.
 */
export function orderItems(
  merged: unknown[],
  order: unknown[],
  original: unknown[],
  keyOf: (item: unknown) => unknown,
): unknown[] {
  const wanted = positions(order, keyOf);
  const before = positions(original, keyOf);
  const named: unknown[] = [];
  const others: unknown[] = [];
  for (const item of merged) (wanted.has(keyOf(item)) ? named : others).push(item);
  named.sort((a, b) => wanted.get(keyOf(a))! - wanted.get(keyOf(b))!);
  return interleave(others, named, (other, next) => {
    const [mine, its] = [before.get(keyOf(other)), before.get(keyOf(next))];
    return mine !== undefined && its !== undefined && mine < its;
  });
}

/** Merges two lists without changing their own orders; `goesFirst` decides whenever both have an item left. */
function interleave<T>(left: T[], right: T[], goesFirst: (left: T, right: T) => boolean): T[] {
  const result: T[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const takeLeft = i < left.length && (j >= right.length || goesFirst(left[i]!, right[j]!));
    result.push(takeLeft ? left[i++]! : right[j++]!);
  }
  return result;
}

function positions(items: unknown[], keyOf: (item: unknown) => unknown): Map<unknown, number> {
  return new Map(items.map((item, i) => [keyOf(item), i]));
}
