import { BINARY_SUFFIXES, DECIMAL_SUFFIXES, type QuantityFormat } from './format';

/** A text that is no quantity. The message is the one Kubernetes users know. */
export class QuantityError extends Error {
  override name = 'QuantityError';
}

const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?([a-zA-Z]*)([+-]?\d*)$/;
const NOT_A_QUANTITY = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const MAX_NANOS = (2n ** 63n - 1n) * 1_000_000_000n;
// Any exponent beyond these is the cap or a single nano, so huge powers are never computed.
const LARGEST_EXPONENT = 40;

export function parseText(text: string): { nanos: bigint; format: QuantityFormat } {
  const match = PATTERN.exec(text);
  if (!match) throw new QuantityError(NOT_A_QUANTITY);
  const [, sign, whole = '', fraction = '', suffix = '', exponent = ''] = match;
  if (whole === '' && fraction === '') throw new QuantityError(NOT_A_QUANTITY);
  const scale = readSuffix(suffix, exponent);
  const magnitude = limit(BigInt(whole + fraction) * scale.factor, scale.exponent + 9 - fraction.length);
  return { nanos: sign === '-' ? -magnitude : magnitude, format: scale.format };
}

interface Scale {
  factor: bigint;
  /** Power of ten on top of the factor. */
  exponent: number;
  format: QuantityFormat;
}

function readSuffix(suffix: string, digits: string): Scale {
  if (digits === '') {
    const exponent = DECIMAL_SUFFIXES[suffix];
    if (exponent !== undefined) return { factor: 1n, exponent, format: 'DecimalSI' };
    const power = BINARY_SUFFIXES[suffix];
    if (power !== undefined) return { factor: 1024n ** BigInt(power), exponent: 0, format: 'BinarySI' };
  } else if ((suffix === 'e' || suffix === 'E') && /\d/.test(digits)) {
    return { factor: 1n, exponent: Number(digits), format: 'DecimalExponent' };
  }
  throw new QuantityError("unable to parse quantity's suffix");
}

/** `amount` × 10^`exponent`, at most the largest quantity, a remainder rounded up. */
function limit(amount: bigint, exponent: number): bigint {
  if (amount === 0n) return 0n;
  if (exponent > LARGEST_EXPONENT) return MAX_NANOS;
  if (exponent >= 0) return smaller(amount * 10n ** BigInt(exponent), MAX_NANOS);
  if (-exponent > amount.toString().length + 1) return 1n;
  const divisor = 10n ** BigInt(-exponent);
  return smaller((amount + divisor - 1n) / divisor, MAX_NANOS);
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
