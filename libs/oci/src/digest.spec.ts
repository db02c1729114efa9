import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ContentMismatch, digestOf, DigestVerifier, isDigest, parseDigest, verifyingStream } from './digest';

describe('digests', () => {
  it('name content by its hash', () => {
    expect(digestOf('')).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(digestOf('x', 'sha512')).toMatch(/^sha512:[0-9a-f]{128}$/);
  });

  it.each(['', 'sha256', 'sha256:', `sha256:${'A'.repeat(64)}`, `sha256:${'a'.repeat(63)}`, `md5:${'a'.repeat(32)}`])(
    'are not %j',
    (text) => {
      expect(isDigest(text)).toBe(false);
      expect(() => parseDigest(text)).toThrow(/checksum digest|unsupported digest/);
    },
  );

  it.each(['__proto__:x', 'constructor:x', 'toString:x'])('are not fooled by %s', (text) => {
    expect(isDigest(text)).toBe(false);
  });
});

describe('verifyingStream', () => {
  const through = (content: string[], verifier: DigestVerifier) =>
    pipeline(
      Readable.from(content.map((part) => Buffer.from(part))),
      verifyingStream(verifier),
      async (stream: AsyncIterable<Buffer>) => {
        let text = '';
        for await (const chunk of stream) text += chunk.toString();
        return text;
      },
    );

  it('passes what is right', async () => {
    expect(await through(['hel', 'lo'], new DigestVerifier(digestOf('hello'), 5))).toBe('hello');
  });

  it.each([
    ['other content', ['help!'], 5],
    ['less', ['hell'], 5],
    ['more', ['hello', '!'], 5],
    ['other content of unknown size', ['help!'], undefined],
  ])('fails for %s', async (_, content, size) => {
    await expect(through(content, new DigestVerifier(digestOf('hello'), size))).rejects.toThrow(ContentMismatch);
  });
});
