/**
 * Repository names contain slashes, which routers split at. A request's name is therefore found here, from the fixed ends
 * of the distribution protocol's URLs, and made one segment: `/v2/a/b/tags/list` becomes `/v2/a%2Fb/tags/list`.
 */
const ENDS =
  /^\/v2\/(.+)(\/(?:blobs\/uploads\/?(?:[^/]+)?|blobs\/[^/]+|manifests\/[^/]+|tags\/list|referrers\/[^/]+))$/;

/** Request URLs beyond this are nobody's honest ones: a name has at most 255 characters. */
const URL_MAX_LENGTH = 4096;

export function rewriteUrl(url: string): string {
  if (url.length > URL_MAX_LENGTH) return '/url-too-long';
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  const match = ENDS.exec(path);
  if (!match) return url;
  return `/v2/${match[1]!.replaceAll('/', '%2F')}${match[2]!}${query < 0 ? '' : url.slice(query)}`;
}
