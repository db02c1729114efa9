import { isIPv4 } from 'node:net';

/** A block of IPv4 addresses in CIDR notation; addresses are numbered from its first one. */
export class Ipv4Range {
  private constructor(
    private readonly first: number,
    readonly prefixLength: number,
  ) {}

  /** Throws an Error that says what is wrong with the text. */
  static parse(text: string): Ipv4Range {
    const [address = '', length = '', ...rest] = text.split('/');
    const prefixLength = Number(length);
    if (rest.length > 0 || !isIPv4(address) || !/^\d{1,2}$/.test(length) || prefixLength > 32) {
      throw new Error(`"${text}" is not an IPv4 range like 10.96.0.0/16`);
    }
    const range = new Ipv4Range(toNumber(address), prefixLength);
    if (range.first % range.size !== 0) throw new Error(`"${text}" has bits set beyond its /${prefixLength}`);
    return range;
  }

  /** How many addresses the range holds. */
  get size(): number {
    return 2 ** (32 - this.prefixLength);
  }

  at(index: number): string {
    return toText(this.first + index);
  }

  /** The address's number in the range, or undefined when it lies outside or is no IPv4 address. */
  indexOf(address: string): number | undefined {
    if (!isIPv4(address)) return undefined;
    const index = toNumber(address) - this.first;
    return index >= 0 && index < this.size ? index : undefined;
  }

  toString(): string {
    return `${this.at(0)}/${this.prefixLength}`;
  }
}

function toNumber(address: string): number {
  return address.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);
}

function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
