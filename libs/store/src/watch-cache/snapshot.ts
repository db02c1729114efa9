import { SortedKeys } from '../sorted-keys';
import type { Entry } from '../store';

interface Item<T> {
  modRevision: number;
  object: T;
}

/** The objects under a prefix as of the last event applied. */
export class Snapshot<T> {
  private items = new Map<string, Item<T>>();
  private keys = new SortedKeys();

  constructor(private readonly decode: (entry: Entry) => T | undefined) {}

  get size(): number {
    return this.items.size;
  }

  get(key: string): T | undefined {
    return this.items.get(key)?.object;
  }

  /** In key order. */
  list(prefix: string): T[] {
    return this.keys.range(prefix).map((key) => this.items.get(key)!.object);
  }

  /** Decodes and keeps the entry; gives the object. */
  put(entry: Entry): T | undefined {
    const object = this.decode(entry);
    if (object === undefined) {
      this.delete(entry.key);
    } else {
      if (!this.items.has(entry.key)) this.keys.add(entry.key);
      this.items.set(entry.key, { modRevision: entry.modRevision, object });
    }
    return object;
  }

  delete(key: string): void {
    if (this.items.delete(key)) this.keys.delete(key);
  }

  /** Becomes exactly these entries; what did not change is not decoded again. */
  replace(entries: Entry[]): void {
    const before = this.items;
    this.items = new Map();
    this.keys = new SortedKeys();
    for (const entry of entries) {
      const known = before.get(entry.key);
      if (known?.modRevision === entry.modRevision) {
        this.items.set(entry.key, known);
        this.keys.add(entry.key);
      } else {
        this.put(entry);
      }
    }
  }
}
