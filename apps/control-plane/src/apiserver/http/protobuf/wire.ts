/** One field of a message as it is on the wire: its number and a varint, or bytes. Fixed-width values come as bytes. */
export type WireField = readonly [number: number, value: number | Buffer];

const WIDTHS: Record<number, number> = { 1: 8, 5: 4 };

/** The fields of a protobuf message in order. Throws RangeError when the bytes are no message. */
export function* wireFields(bytes: Buffer): Generator<WireField> {
  let at = 0;

  /** 64 bits in two's complement; beyond 2^53 the lowest bits are lost, which no field of ours reaches. */
  function varint(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('a number is cut off');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    throw new RangeError('a number is too long');
  }

  function take(length: number): Buffer {
    if (length < 0 || at + length > bytes.length) throw new RangeError('a field is cut off');
    return bytes.subarray(at, (at += length));
  }

  while (at < bytes.length) {
    const tag = varint();
    const type = tag & 7;
    if (type === 0) yield [tag >>> 3, varint()];
    else if (type === 2) yield [tag >>> 3, take(varint())];
    else if (type in WIDTHS) yield [tag >>> 3, take(WIDTHS[type]!)];
    else throw new RangeError(`fields of wire type ${type} do not occur`);
  }
}
