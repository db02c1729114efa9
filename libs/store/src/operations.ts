import type { Operation, StoreEvent } from './store';

/** A transaction may name a key once: what a second write to it should mean is anyone's guess. */
export function assertKeysOnce(operations: Operation[]): void {
  const keys = new Set<string>();
  for (const { key } of operations) {
    if (keys.has(key)) throw new RangeError(`the transaction names ${key} twice`);
    keys.add(key);
  }
}

export function eventKey(event: StoreEvent): string {
  return event.type === 'put' ? event.entry.key : event.key;
}

export function eventRevision(event: StoreEvent): number {
  return event.type === 'put' ? event.entry.modRevision : event.modRevision;
}
