import { canonicalText, type QuantityFormat } from './format';
import { parseText } from './parse';

/** Quantities are held as whole nanos, the finest step that Kubernetes keeps. */
const NANOS_PER_UNIT = 1_000_000_000n;
const NANOS_PER_MILLI = 1_000_000n;

// Pods repeat the same few texts; a bounded memory of them makes parsing cost one map lookup.
const REMEMBERED = 4096;
const remembered = new Map<string, Quantity>();

/**
 * An exact amount of a resource (`100m`, `1.5Gi`, `1e3`), immutable.
 *
 * Kept to a billionth; finer digits round away from zero, and amounts beyond a signed 64-bit integer stay at that limit
 * (Kubernetes API conventions, `resource.Quantity`).
 */
export class Quantity {
  private constructor(
    private readonly nanos: bigint,
    readonly format: QuantityFormat,
  ) {}

  /** Throws {@link QuantityError} when the text is no quantity. A number is read by its decimal digits. */
  static parse(text: string | number): Quantity {
    const key = String(text);
    const known = remembered.get(key);
    if (known) return known;
    const { nanos, format } = parseText(key);
    const quantity = new Quantity(nanos, format);
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(key, quantity);
    return quantity;
  }

  static ofUnits(units: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity {
    return new Quantity(BigInt(units) * NANOS_PER_UNIT, format);
  }

  static ofMillis(millis: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity {
    return new Quantity(BigInt(millis) * NANOS_PER_MILLI, format);
  }

  /** Whole units, rounded away from zero (bytes of memory, pods, …). */
  value(): number {
    return Number(divideAwayFromZero(this.nanos, NANOS_PER_UNIT));
  }

  /** Thousandths, rounded away from zero (millicores of CPU). */
  milliValue(): number {
    return Number(divideAwayFromZero(this.nanos, NANOS_PER_MILLI));
  }

  /** -1, 0 or 1. */
  sign(): number {
    return this.nanos === 0n ? 0 : this.nanos < 0n ? -1 : 1;
  }

  /** Negative, 0 or positive as this amount is less than, the same as or more than the other, whatever their formats. */
  compare(other: Quantity): number {
    return this.nanos === other.nanos ? 0 : this.nanos < other.nanos ? -1 : 1;
  }

  equals(other: Quantity): boolean {
    return this.nanos === other.nanos;
  }

  /** Keeps this amount's format; zero takes over the format of what is added to it. */
  add(other: Quantity): Quantity {
    return new Quantity(this.nanos + other.nanos, this.nanos === 0n ? other.format : this.format);
  }

  sub(other: Quantity): Quantity {
    return new Quantity(this.nanos - other.nanos, this.nanos === 0n ? other.format : this.format);
  }

  /** A whole number: no fraction of a unit is in it. */
  isInteger(): boolean {
    return this.nanos % NANOS_PER_UNIT === 0n;
  }

  /** The canonical text: the largest suffix that needs no fraction. */
  toString(): string {
    return canonicalText(this.nanos, this.format);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** Thousandths in a quantity text; 0 when there is none. */
export function milliValue(text: string | undefined): number {
  return text === undefined ? 0 : Quantity.parse(text).milliValue();
}

/** Whole units in a quantity text; 0 when there is none. */
export function unitValue(text: string | undefined): number {
  return text === undefined ? 0 : Quantity.parse(text).value();
}

/** The text as it is stored: `0.5` becomes `500m`, `1024Mi` becomes `1Gi`. Throws {@link QuantityError}. */
export function canonicalQuantity(text: string | number): string {
  return Quantity.parse(text).toString();
}

function divideAwayFromZero(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  if (quotient * divisor === dividend) return quotient;
  return dividend < 0n ? quotient - 1n : quotient + 1n;
}
