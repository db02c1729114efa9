import type { KubeObject, Selector } from '@gantry/api';
import { keyText, type ObjectKey } from '../object-key';

/** The values of one index under which an object is found. */
export type IndexValues<T> = (object: T) => readonly string[];

/** Reads from a cache. Objects are shared by all readers and by the next read: never change them. */
export interface Lister<T extends KubeObject> {
  readonly size: number;
  get(key: ObjectKey | string): T | undefined;
  list(): T[];
  inNamespace(namespace: string): T[];
  /** Objects with an owner reference to this uid. */
  ownedBy(uid: string): T[];
  /** Objects whose labels match, of one namespace if given. */
  selected(selector: Selector, namespace?: string): T[];
  /** Objects under a value of an index added with `addIndex`. */
  indexed(index: string, value: string): T[];
}

const NAMESPACE = 'namespace';
const OWNER = 'owner';
const LABEL = 'label';

interface Index<T> {
  values: IndexValues<T>;
  buckets: Map<string, Map<string, T>>;
}

/** Objects of one kind by key and by indexes. */
export class ObjectCache<T extends KubeObject> implements Lister<T> {
  private readonly objects = new Map<string, T>();
  private readonly indexes = new Map<string, Index<T>>();

  constructor() {
    this.addIndex(NAMESPACE, ({ metadata }) => [metadata.namespace ?? '']);
    this.addIndex(OWNER, ({ metadata }) => metadata.ownerReferences?.map(({ uid }) => uid) ?? []);
    this.addIndex(LABEL, ({ metadata }) =>
      Object.entries(metadata.labels ?? {}).map(([key, value]) => labelText(key, value)),
    );
  }

  get size(): number {
    return this.objects.size;
  }

  get(key: ObjectKey | string): T | undefined {
    return this.objects.get(typeof key === 'string' ? key : keyText(key));
  }

  list(): T[] {
    return [...this.objects.values()];
  }

  keys(): string[] {
    return [...this.objects.keys()];
  }

  inNamespace(namespace: string): T[] {
    return this.indexed(NAMESPACE, namespace);
  }

  ownedBy(uid: string): T[] {
    return this.indexed(OWNER, uid);
  }

  selected(selector: Selector, namespace?: string): T[] {
    const matching: T[] = [];
    for (const object of this.candidates(selector, namespace)) {
      if (namespace !== undefined && object.metadata.namespace !== namespace) continue;
      if (selector.matches(object.metadata.labels)) matching.push(object);
    }
    return matching;
  }

  indexed(index: string, value: string): T[] {
    const found = this.indexes.get(index);
    if (!found) throw new Error(`there is no index ${index}`);
    return [...(found.buckets.get(value)?.values() ?? [])];
  }

  /** Adds an index over what is there and what comes. An index may be added again by the same name. */
  addIndex(name: string, values: IndexValues<T>): void {
    const index: Index<T> = { values, buckets: new Map() };
    this.indexes.set(name, index);
    for (const [key, object] of this.objects) insert(index, key, object);
  }

  /** Keeps the object; gives the one it replaces. */
  put(key: string, object: T): T | undefined {
    const old = this.delete(key);
    this.objects.set(key, object);
    for (const index of this.indexes.values()) insert(index, key, object);
    return old;
  }

  delete(key: string): T | undefined {
    const old = this.objects.get(key);
    if (!old) return undefined;
    this.objects.delete(key);
    for (const { values, buckets } of this.indexes.values()) {
      for (const value of values(old)) {
        const bucket = buckets.get(value);
        bucket?.delete(key);
        if (bucket?.size === 0) buckets.delete(value);
      }
    }
    return old;
  }

  /** The smallest set that surely holds all matches: by a label that must have one value, by namespace, or all. */
  private candidates(selector: Selector, namespace?: string): Iterable<T> {
    const sets = selector.requirements
      .filter(({ operator, values }) => operator === 'In' && values.length === 1)
      .map(({ key, values }) => this.bucket(LABEL, labelText(key, values[0]!)));
    if (namespace !== undefined) sets.push(this.bucket(NAMESPACE, namespace));
    return sets.reduce((least, set) => (set.size < least.size ? set : least), this.objects).values();
  }

  private bucket(index: string, value: string): ReadonlyMap<string, T> {
    return this.indexes.get(index)!.buckets.get(value) ?? EMPTY;
  }
}

const EMPTY: ReadonlyMap<string, never> = new Map<string, never>();

function insert<T>(index: Index<T>, key: string, object: T): void {
  for (const value of index.values(object)) {
    const bucket = index.buckets.get(value);
    if (bucket) bucket.set(key, object);
    else index.buckets.set(value, new Map([[key, object]]));
  }
}

function labelText(key: string, value: string): string {
  return `${key}=${value}`;
}
