import fc from 'fast-check';
import { rewriteUrl } from './route';

describe('rewriteUrl', () => {
  it.each([
    ['/v2/', '/v2/'],
    ['/v2/_catalog?n=1', '/v2/_catalog?n=1'],
    ['/v2/a/tags/list?n=1', '/v2/a/tags/list?n=1'],
    ['/v2/a/b/c/manifests/v1', '/v2/a%2Fb%2Fc/manifests/v1'],
    ['/v2/a/b/blobs/uploads/', '/v2/a%2Fb/blobs/uploads/'],
    ['/v2/a/b/blobs/uploads/?mount=x', '/v2/a%2Fb/blobs/uploads/?mount=x'],
    ['/v2/a/b/blobs/uploads/some-id', '/v2/a%2Fb/blobs/uploads/some-id'],
    ['/v2/a/b/blobs/sha256:x', '/v2/a%2Fb/blobs/sha256:x'],
    ['/v2/a/manifests/b/tags/list', '/v2/a%2Fmanifests%2Fb/tags/list'],
    ['/v2/a/blobs/uploads/blobs/uploads/', '/v2/a%2Fblobs%2Fuploads/blobs/uploads/'],
    [`/v2/${'a/'.repeat(3000)}tags/list`, '/url-too-long'],
  ])('%s becomes %s', (url, rewritten) => {
    expect(rewriteUrl(url)).toBe(rewritten);
  });

  it('keeps every name whole', () => {
    const name = fc
      .array(fc.constantFrom('a', 'blobs', 'uploads', 'manifests', 'tags', 'list', 'v2'), {
        minLength: 1,
        maxLength: 6,
      })
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(name, fc.constantFrom('/tags/list', '/manifests/v1', '/blobs/sha256:x'), (path, end) => {
        expect(rewriteUrl(`/v2/${path}${end}`)).toBe(`/v2/${encodeURIComponent(path)}${end}`);
      }),
    );
  });
});
