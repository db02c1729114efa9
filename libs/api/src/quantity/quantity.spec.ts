import fc from 'fast-check';
import { canonicalQuantity, milliValue, Quantity, QuantityError, unitValue } from '.';

describe('canonical text', () => {
  it.each([
    ['0', '0'],
    ['0Ki', '0'],
    ['-0', '0'],
    ['+1', '1'],
    ['100m', '100m'],
    ['1000m', '1'],
    ['0.5', '500m'],
    ['.5', '500m'],
    ['1.', '1'],
    ['1.5', '1500m'],
    ['1.5Gi', '1536Mi'],
    ['1024Mi', '1Gi'],
    ['500Ki', '500Ki'],
    ['1023', '1023'],
    ['1Ki', '1Ki'],
    ['0.5Ki', '512'],
    ['0.3Ki', '307200m'],
    ['1e3', '1e3'],
    ['1E3', '1e3'],
    ['1200e1', '12e3'],
    ['12e-1', '1200e-3'],
    ['1e+6', '1e6'],
    ['1000k', '1M'],
    ['1000000', '1M'],
    ['-1.5k', '-1500'],
    ['1E', '1E'],
    ['1Ei', '1Ei'],
    ['1n', '1n'],
    ['0.1n', '1n'],
    ['-0.1n', '-1n'],
    ['1e-40', '1e-9'],
    ['10Ei', '9223372036854775807'],
    ['1e100', '9223372036854775807'],
    ['-99E', '-9223372036854775807'],
  ])('%s is stored as %s', (text, stored) => {
    expect(canonicalQuantity(text)).toBe(stored);
  });

  it('reads numbers by their digits', () => {
    expect(canonicalQuantity(0.25)).toBe('250m');
  });
});

describe('refused texts', () => {
  it.each(['', '.', 'abc', '1 Gi', '1.1.1', '--1', '1,5'])('%j is no quantity', (text) => {
    expect(() => Quantity.parse(text)).toThrow(QuantityError);
  });
  it.each(['1ki', '1KB', '1i', '1e', '1Gi3', '1m3', '1e-'])('%j has an unknown suffix', (text) => {
    expect(() => Quantity.parse(text)).toThrow("unable to parse quantity's suffix");
  });
});

describe('numbers', () => {
  it.each([
    ['100m', 100, 1],
    ['1', 1000, 1],
    ['1500m', 1500, 2],
    ['-1500m', -1500, -2],
    ['1u', 1, 1],
    ['1Ki', 1024000, 1024],
    ['64Mi', 67108864000, 67108864],
  ])('%s is %d millis and %d units', (text, millis, units) => {
    expect(milliValue(text)).toBe(millis);
    expect(unitValue(text)).toBe(units);
  });

  it('counts an absent quantity as none', () => {
    expect([milliValue(undefined), unitValue(undefined)]).toEqual([0, 0]);
  });
});

describe('arithmetic', () => {
  it('keeps the format of what is added to, except for zero', () => {
    const gi = Quantity.parse('1Gi');
    expect(gi.add(Quantity.parse('512Mi')).toString()).toBe('1536Mi');
    expect(Quantity.parse('0').add(gi).toString()).toBe('1Gi');
    expect(gi.sub(Quantity.parse('24')).toString()).toBe('1073741800');
  });

  it('compares over formats', () => {
    expect(Quantity.parse('1Ki').compare(Quantity.parse('1k'))).toBe(1);
    expect(Quantity.parse('1').equals(Quantity.parse('1000m'))).toBe(true);
    expect(Quantity.parse('-1').sign()).toBe(-1);
  });
});

const texts = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.nat(1_000_000_000),
    fc.option(fc.nat(99999), { nil: undefined }),
    fc.oneof(
      fc.constantFrom('n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'Ti'),
      fc.integer({ min: -12, max: 18 }).map((exponent) => `e${exponent}`),
    ),
  )
  .map(([sign, whole, fraction, suffix]) => `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}${suffix}`);

describe('for every quantity', () => {
  it('printing loses nothing and is stable', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const quantity = Quantity.parse(text);
        const printed = Quantity.parse(quantity.toString());
        expect(printed.equals(quantity)).toBe(true);
        expect(printed.toString()).toBe(quantity.toString());
      }),
    );
  });

  it('subtracting undoes adding', () => {
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        const [left, right] = [Quantity.parse(a), Quantity.parse(b)];
        expect(left.add(right).sub(right).equals(left)).toBe(true);
        expect(left.compare(right)).toBe(0 - right.compare(left));
      }),
    );
  });

  it('units are millis rounded away from zero', () => {
    fc.assert(
      fc.property(fc.integer(), (millis) => {
        const quantity = Quantity.ofMillis(millis);
        expect(quantity.milliValue()).toBe(millis);
        expect(quantity.value()).toBe(Math.sign(millis) * Math.ceil(Math.abs(millis) / 1000) + 0);
      }),
    );
  });
});
