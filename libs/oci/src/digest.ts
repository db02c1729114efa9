import { createHash, type Hash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';

export type DigestAlgorithm = 'sha256' | 'sha512';

/** `algorithm:hex`, e.g. `sha256:2c26…`: the name of content by what it is. */
export type Digest = `${DigestAlgorithm}:${string}`;

const HEX_LENGTH: Record<DigestAlgorithm, number> = { sha256: 64, sha512: 128 };

export class InvalidDigest extends Error {
  override name = 'InvalidDigest';
}

/** Content is not what its digest or size says. */
export class ContentMismatch extends Error {
  override name = 'ContentMismatch';
}

const isAlgorithm = (text: string): text is DigestAlgorithm => Object.hasOwn(HEX_LENGTH, text);

export function isDigest(text: string): text is Digest {
  const colon = text.indexOf(':');
  const algorithm = text.slice(0, Math.max(colon, 0));
  const hex = text.slice(colon + 1);
  return isAlgorithm(algorithm) && hex.length === HEX_LENGTH[algorithm] && /^[0-9a-f]+$/.test(hex);
}

/** Throws {@link InvalidDigest} in the words of Docker's own parser. */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  const shape = /^([a-z0-9]+(?:[.+_-][a-z0-9]+)*):[a-zA-Z0-9=_-]+$/.exec(text);
  if (!shape) throw new InvalidDigest('invalid checksum digest format');
  if (!isAlgorithm(shape[1]!)) throw new InvalidDigest('unsupported digest algorithm');
  throw new InvalidDigest('invalid checksum digest length');
}

export const digestAlgorithm = (digest: Digest): DigestAlgorithm =>
  digest.slice(0, digest.indexOf(':')) as DigestAlgorithm;

export const digestHex = (digest: Digest): string => digest.slice(digest.indexOf(':') + 1);

export function digestOf(content: string | Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return `${algorithm}:${createHash(algorithm).update(content).digest('hex')}`;
}

/** Hashes content as it passes and says at its end whether it is what was promised. */
export class DigestVerifier {
  private readonly hash: Hash;
  private bytes = 0;

  constructor(
    readonly digest: Digest,
    /** Expected bytes; any number, unless given. */
    readonly size?: number,
  ) {
    this.hash = createHash(digestAlgorithm(digest));
  }

  /** Bytes seen so far. */
  get received(): number {
    return this.bytes;
  }

  /** Throws {@link ContentMismatch} as soon as there are more bytes than promised. */
  update(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.size !== undefined && this.bytes > this.size) {
      throw new ContentMismatch(`content of ${this.digest} is longer than the ${this.size} bytes it should have`);
    }
    this.hash.update(chunk);
  }

  /** To be called once, at the end. Throws {@link ContentMismatch}. */
  verify(): void {
    if (this.size !== undefined && this.bytes !== this.size) {
      throw new ContentMismatch(`content of ${this.digest} has ${this.bytes} bytes instead of ${this.size}`);
    }
    const found = `${digestAlgorithm(this.digest)}:${this.hash.digest('hex')}`;
    if (found !== this.digest) throw new ContentMismatch(`content has digest ${found} instead of ${this.digest}`);
  }
}

/** A pass-through stream that fails at its end unless what went through was what the verifier expects. */
export function verifyingStream(verifier: DigestVerifier): Transform {
  const attempt = (done: TransformCallback, step: () => void, chunk?: Buffer) => {
    try {
      step();
    } catch (error) {
      done(error as Error);
      return;
    }
    done(null, chunk);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      attempt(
        done,
        () => {
          verifier.update(chunk);
        },
        chunk,
      );
    },
    flush(done) {
      attempt(done, () => {
        verifier.verify();
      });
    },
  });
}
