/** Takes bytes from a stream in the sizes its reader asks for. Reads ahead by no more than one chunk. */
export class ByteReader {
  private readonly chunks: AsyncIterator<Buffer, unknown>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer, unknown>) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  /** So many bytes; undefined when the stream ended before. */
  async exactly(length: number): Promise<Buffer | undefined> {
    while (this.rest.length < length) {
      const { done, value } = await this.chunks.next();
      if (done) return undefined;
      this.rest = this.rest.length === 0 ? value : Buffer.concat([this.rest, value]);
    }
    return this.take(length);
  }

  /** At least one byte and at most so many; undefined at the end of the stream. */
  async upTo(length: number): Promise<Buffer | undefined> {
    while (this.rest.length === 0) {
      const { done, value } = await this.chunks.next();
      if (done) return undefined;
      this.rest = value;
    }
    return this.take(Math.min(length, this.rest.length));
  }

  private take(length: number): Buffer {
    const taken = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    return taken;
  }
}
