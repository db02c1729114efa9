/** The family of suffixes an amount was written with, kept when it is printed. */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export const DECIMAL_SUFFIXES: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

/** Suffix to power of 1024. */
export const BINARY_SUFFIXES: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 };

const suffixOfExponent = new Map(Object.entries(DECIMAL_SUFFIXES).map(([suffix, exponent]) => [exponent, suffix]));
const suffixOfPower = new Map(Object.entries(BINARY_SUFFIXES).map(([suffix, power]) => [power, suffix]));

const NANOS_PER_UNIT = 1_000_000_000n;
const LARGEST_POWER = 6;

/**
 * Prints without losing precision and without a fraction, with the largest suffix that allows both.
 * Binary suffixes are left for decimal ones below 1024 and for fractions, which they cannot show.
 */
export function canonicalText(nanos: bigint, format: QuantityFormat): string {
  if (nanos === 0n) return '0';
  if (format === 'BinarySI' && nanos % NANOS_PER_UNIT === 0n) {
    const units = nanos / NANOS_PER_UNIT;
    if (units <= -1024n || units >= 1024n) return binaryText(units);
  }
  return decimalText(nanos, format === 'DecimalExponent');
}

function binaryText(units: bigint): string {
  let power = 0;
  while (power < LARGEST_POWER && units % 1024n === 0n) {
    units /= 1024n;
    power++;
  }
  return `${units.toString()}${suffixOfPower.get(power) ?? ''}`;
}

function decimalText(nanos: bigint, asExponent: boolean): string {
  let exponent = -9;
  while (exponent < 18 && nanos % 1000n === 0n) {
    nanos /= 1000n;
    exponent += 3;
  }
  if (!asExponent) return `${nanos.toString()}${suffixOfExponent.get(exponent)!}`;
  return exponent === 0 ? nanos.toString() : `${nanos.toString()}e${exponent}`;
}
