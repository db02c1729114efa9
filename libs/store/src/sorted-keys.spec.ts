import fc from 'fast-check';
import { SortedKeys } from './sorted-keys';

const key = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 5 });

describe('SortedKeys', () => {
  it('gives the same ranges as sorting and filtering', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), key)),
        key,
        fc.option(key, { nil: undefined }),
        (steps, prefix, after) => {
          const sorted = new SortedKeys();
          const model = new Set<string>();
          for (const [add, name] of steps) {
            if (add) {
              sorted.add(name);
              model.add(name);
            } else {
              sorted.delete(name);
              model.delete(name);
            }
          }
          const expected = [...model].sort().filter((k) => k.startsWith(prefix) && (after === undefined || k > after));
          expect(sorted.range(prefix, after)).toEqual(expected);
          expect(sorted.size).toBe(model.size);
        },
      ),
    );
  });
});
