import fc from 'fast-check';
import { freeRange } from './node-range.plan';

describe('pod ranges of nodes', () => {
  it('gives every node its own, until all are taken', () => {
    fc.assert(
      fc.property(fc.integer({ min: 18, max: 24 }), (prefix) => {
        const taken = new Set<string>();
        for (let i = 0; i < 2 ** (24 - prefix); i++) taken.add(freeRange(`10.244.0.0/${prefix}`, taken)!);
        expect(taken.size).toBe(2 ** (24 - prefix));
        expect(freeRange(`10.244.0.0/${prefix}`, taken)).toBeUndefined();
      }),
    );
  });

  it('gives a range that came free again', () => {
    expect(freeRange('10.244.0.0/16', new Set(['10.244.0.0/24', '10.244.2.0/24']))).toBe('10.244.1.0/24');
  });
});
