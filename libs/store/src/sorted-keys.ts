/** A set of strings kept in code-unit order, for prefix ranges. Keys mostly arrive in bulk and in order, then change seldom. */
export class SortedKeys {
  private readonly keys: string[] = [];

  get size(): number {
    return this.keys.length;
  }

  add(key: string): void {
    const last = this.keys[this.keys.length - 1];
    if (last === undefined || key > last) {
      this.keys.push(key);
      return;
    }
    const at = this.firstFrom(key);
    if (this.keys[at] !== key) this.keys.splice(at, 0, key);
  }

  delete(key: string): void {
    const at = this.firstFrom(key);
    if (this.keys[at] === key) this.keys.splice(at, 1);
  }

  /** Keys starting with `prefix`, in order; only those greater than `after` when it is given. */
  range(prefix: string, after?: string): string[] {
    let from = this.firstFrom(prefix);
    if (after !== undefined && after >= prefix) {
      from = this.firstFrom(after);
      if (this.keys[from] === after) from++;
    }
    return this.keys.slice(from, Math.max(from, this.firstPast(prefix)));
  }

  /** Index of the first key that is not less than `key`. */
  private firstFrom(key: string): number {
    return this.search((candidate) => candidate >= key);
  }

  private firstPast(prefix: string): number {
    return this.search((candidate) => candidate > prefix && !candidate.startsWith(prefix));
  }

  private search(isFrom: (candidate: string) => boolean): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isFrom(this.keys[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
