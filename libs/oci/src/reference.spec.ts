import fc from 'fast-check';
import { digestOf } from './digest';
import { familiarReference, formatReference, parseReference, type Reference } from './reference';

const digest = digestOf('x');

describe('parseReference', () => {
  it.each([
    ['busybox', 'docker.io/library/busybox:latest', 'busybox:latest'],
    ['busybox:1.35', 'docker.io/library/busybox:1.35', 'busybox:1.35'],
    ['docker.io/busybox', 'docker.io/library/busybox:latest', 'busybox:latest'],
    ['index.docker.io/library/busybox', 'docker.io/library/busybox:latest', 'busybox:latest'],
    ['gantry/front', 'docker.io/gantry/front:latest', 'gantry/front:latest'],
    ['localhost/a', 'localhost/a:latest', 'localhost/a:latest'],
    ['localhost:5000/a/b:v1', 'localhost:5000/a/b:v1', 'localhost:5000/a/b:v1'],
    ['127.0.0.1:5000/gantry/front:v1', '127.0.0.1:5000/gantry/front:v1', '127.0.0.1:5000/gantry/front:v1'],
    ['[::1]:5000/a', '[::1]:5000/a:latest', '[::1]:5000/a:latest'],
    ['Registry/a', 'Registry/a:latest', 'Registry/a:latest'],
    [`busybox@${digest}`, `docker.io/library/busybox@${digest}`, `busybox@${digest}`],
    [`a.io/b:v1@${digest}`, `a.io/b:v1@${digest}`, `a.io/b:v1@${digest}`],
    ['docker.io/localhost/x', 'docker.io/localhost/x:latest', 'docker.io/localhost/x:latest'],
  ])('completes %s', (text, complete, familiar) => {
    const reference = parseReference(text);
    expect(formatReference(reference)).toBe(complete);
    expect(familiarReference(reference)).toBe(familiar);
  });

  // In the words of docker 28's own `docker pull`.
  it.each([
    ['', 'invalid reference format'],
    ['foo:', 'invalid reference format'],
    ['a//b', 'invalid reference format'],
    ['x.io/', 'invalid reference format'],
    ['../a', 'invalid reference format'],
    ['a/..', 'invalid reference format'],
    ['foo@sha256:abc', 'invalid reference format'],
    [`foo:${'a'.repeat(129)}`, 'invalid reference format'],
    ['Foo', 'invalid reference format: repository name (library/Foo) must be lowercase'],
    ['x.io/BAR:tag', 'invalid reference format: repository name (BAR) must be lowercase'],
    ['a'.repeat(300), 'repository name must not be more than 255 characters'],
    ['ab'.repeat(32), `invalid repository name (${'ab'.repeat(32)}), cannot specify 64-byte hexadecimal strings`],
    ['foo@md5:d41d8cd98f00b204e9800998ecf8427e', 'unsupported digest algorithm'],
    ['foo@sha256:d41d8cd98f00b204e9800998ecf8427e', 'invalid checksum digest length'],
  ])('refuses %j', (text, message) => {
    expect(() => parseReference(text)).toThrow(new Error(message));
  });

  const component = fc.stringMatching(/^[a-z0-9]{1,8}((\.|_|__|-{1,2})[a-z0-9]{1,8}){0,2}$/);
  const reference: fc.Arbitrary<Reference> = fc
    .record({
      domain: fc.constantFrom('docker.io', 'localhost', 'quay.io', '127.0.0.1:5000', '[fe80::1]:80'),
      path: fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
      tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][\w.-]{0,20}$/), { nil: undefined }),
      digest: fc.option(fc.constant(digest), { nil: undefined }),
    })
    .map(({ domain, path, tag, digest }) => ({
      domain,
      path: domain === 'docker.io' && !path.includes('/') ? `library/${path}` : path,
      ...(tag === undefined && digest === undefined ? { tag: 'latest' } : {}),
      ...(tag === undefined ? {} : { tag }),
      ...(digest === undefined ? {} : { digest }),
    }));

  it('reads back what it prints, in either form', () => {
    fc.assert(
      fc.property(reference, (original) => {
        expect(parseReference(formatReference(original))).toEqual(original);
        expect(parseReference(familiarReference(original))).toEqual(original);
      }),
    );
  });
});
