import { random } from '@gantry/base';
import { type Store, objectKey, resourcePrefix } from '@gantry/store';

// Not a group of the API: these keys are no objects.
const GROUP = 'allocation.gantry.dev';
// Tried blindly before looking at what is taken: in a range that is not nearly full one of these is free.
const BLIND_TRIES = 8;

/** Values to give out, numbered from 0. */
export interface Pool {
  /** The part of the tree of keys: `clusterips`. */
  name: string;
  size: number;
  /** Text of the n-th value. */
  at(index: number): string;
  /** Values that are never given out by themselves, though they may be asked for. */
  reserved: number;
}

/**
 * Picks values of a pool that are probably free. Certainty comes from the transaction which takes the value's key:
 * it fails if somebody else was faster, and the caller picks again.
 */
export class Allocator {
  private failures = 0;

  constructor(
    private readonly store: Store,
    private readonly pool: Pool,
  ) {}

  keyOf(value: string): string {
    return objectKey(GROUP, this.pool.name, undefined, value);
  }

  /** The last pick was taken. */
  failed(): void {
    this.failures++;
  }

  /** A value that is none of `chosen`. Throws an Error when none is left. */
  async pick(chosen: ReadonlySet<string>): Promise<string> {
    if (this.failures < BLIND_TRIES) {
      const value = this.anyOf(this.pool.size - this.pool.reserved, (index) =>
        this.pool.at(this.pool.reserved + index),
      );
      if (!chosen.has(value)) return value;
    }
    this.failures = 0;
    const free = await this.free(chosen);
    if (free.length === 0) throw new Error(`range ${this.pool.name} is full`);
    return this.anyOf(free.length, (index) => free[index]!);
  }

  private anyOf(count: number, at: (index: number) => string): string {
    return at(Math.floor(random() * count));
  }

  private async free(chosen: ReadonlySet<string>): Promise<string[]> {
    const prefix = resourcePrefix(GROUP, this.pool.name, '');
    const { entries } = await this.store.list(prefix);
    const taken = new Set(entries.map(({ key }) => key.slice(prefix.length)));
    const values = Array.from({ length: this.pool.size }, (_, index) => this.pool.at(index));
    return values.filter((value, index) => index >= this.pool.reserved && !taken.has(value) && !chosen.has(value));
  }
}
