import { constants, createInflate, deflateRawSync, deflateSync } from 'node:zlib';
import { headerDictionary } from './dictionary';

/** Names in lower case; of a repeated name the values are joined by NUL. */
export type Headers = ReadonlyMap<string, string>;

/** Far more than any client of ours sends; a small block can unpack to a very large one. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Reads the header blocks of one connection: they are one zlib stream, so each must be read, in order. */
export class HeaderDecoder {
  private readonly inflate = createInflate({ dictionary: headerDictionary, flush: constants.Z_SYNC_FLUSH });
  private chunks: Buffer[] = [];
  private size = 0;

  constructor() {
    this.inflate.on('error', () => undefined);
    this.inflate.on('data', (chunk: Buffer) => {
      this.size += chunk.length;
      if (this.size > MAX_HEADER_BYTES) this.inflate.destroy();
      else this.chunks.push(chunk);
    });
  }

  async decode(block: Buffer): Promise<Headers> {
    this.chunks = [];
    this.size = 0;
    await new Promise<void>((resolve, reject) => {
      // After an error the write is never called back.
      this.inflate.once('error', reject);
      this.inflate.write(block, (error) => {
        this.inflate.off('error', reject);
        if (error) reject(error);
        else resolve();
      });
    });
    if (this.size > MAX_HEADER_BYTES) throw new Error(`headers of more than ${MAX_HEADER_BYTES} bytes`);
    return parsePairs(Buffer.concat(this.chunks));
  }

  close(): void {
    this.inflate.destroy();
  }
}

function parsePairs(bytes: Buffer): Headers {
  let offset = 4;
  const text = (): string => {
    const start = offset + 4;
    offset = start + bytes.readUInt32BE(offset);
    if (offset > bytes.length) throw new Error('a header block that ends early');
    return bytes.toString('utf8', start, offset);
  };
  const headers = new Map<string, string>();
  for (let left = bytes.readUInt32BE(0); left > 0; left--) headers.set(text().toLowerCase(), text());
  return headers;
}

/**
 * Writes the header blocks of one connection. We only ever send empty ones, so they are stored, not compressed: then
 * no state is kept, except that the zlib stream's own header stands before the first.
 */
export class HeaderEncoder {
  private first = true;

  empty(): Buffer {
    const deflate = this.first ? deflateSync : deflateRawSync;
    this.first = false;
    return deflate(Buffer.alloc(4), { level: 0, finishFlush: constants.Z_SYNC_FLUSH });
  }
}
