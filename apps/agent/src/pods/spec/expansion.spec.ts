import fc from 'fast-check';
import { expand } from './expansion';

const known: Record<string, string> = { A: 'x', B: '$(A)', EMPTY: '' };
const lookup = (name: string): string | undefined => known[name];

describe('expand', () => {
  it.each([
    ['$(A)-$(A)', 'x-x'],
    ['$(EMPTY)', ''],
    ['$(MISSING)', '$(MISSING)'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$x'],
    ['$$$$(A)', '$$(A)'],
    ['$A $ $(', '$A $ $('],
    ['$(B)', '$(A)'],
  ])('%s becomes %s', (text, expected) => {
    expect(expand(text, lookup)).toBe(expected);
  });

  it('leaves text without a dollar sign alone', () => {
    fc.assert(
      fc.property(
        fc.string().filter((s) => !s.includes('$')),
        (text) => expand(text, lookup) === text,
      ),
    );
  });
});
