import { parseDigest, type Digest } from './digest';

/**
 * The name of an image, complete: `docker.io/library/busybox:latest`. People write short forms, which
 * {@link parseReference} completes by Docker's rules (grammar: github.com/distribution/reference).
 */
export interface Reference {
  /** Registry host, with a port if one was given. */
  domain: string;
  /** Repository within the registry: `library/busybox`. */
  path: string;
  tag?: string;
  /** When given, it decides what is meant; a tag beside it only informs. */
  digest?: Digest;
}

export class InvalidReference extends Error {
  override name = 'InvalidReference';
}

const DEFAULT_DOMAIN = 'docker.io';
const PATH_MAX_LENGTH = 255;
const DOMAIN_COMPONENT = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = new RegExp(`^(?:${DOMAIN_COMPONENT}(?:\\.${DOMAIN_COMPONENT})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const PATH_COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const PATH = new RegExp(`^${PATH_COMPONENT}(?:/${PATH_COMPONENT})*$`);
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

/** Whether the text may name a repository within a registry. */
export const isRepositoryPath = (text: string): boolean => text.length <= PATH_MAX_LENGTH && PATH.test(text);

export const isTag = (text: string): boolean => TAG.test(text);

/**
 * Completes what a user wrote: the host, `library/`, and the tag `latest` when neither tag nor digest is given.
 * Throws {@link InvalidReference}, or InvalidDigest for a digest of an unknown kind, in Docker's words.
 */
export function parseReference(text: string): Reference {
  if (/^[a-f0-9]{64}$/.test(text)) {
    throw new InvalidReference(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  const { name, tag, digest } = splitSuffixes(text);
  const { domain, path } = splitDomain(name);
  if (!DOMAIN.test(domain)) throw new InvalidReference('invalid reference format');
  checkPath(path);
  if (tag !== undefined && !isTag(tag)) throw new InvalidReference('invalid reference format');
  if (digest === undefined) return { domain, path, tag: tag ?? 'latest' };
  if (!DIGEST.test(digest)) throw new InvalidReference('invalid reference format');
  return { domain, path, ...(tag === undefined ? {} : { tag }), digest: parseDigest(digest) };
}

function splitSuffixes(text: string): { name: string; tag?: string; digest?: string } {
  const at = text.indexOf('@');
  const named = at < 0 ? text : text.slice(0, at);
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  if (colon < 0) return { name: named, digest };
  return { name: named.slice(0, colon), tag: named.slice(colon + 1), digest };
}

function splitDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first;
  if (!isHost) return { domain: DEFAULT_DOMAIN, path: officialPath(name) };
  const domain = first === 'index.docker.io' ? DEFAULT_DOMAIN : first;
  const rest = name.slice(slash + 1);
  return { domain, path: domain === DEFAULT_DOMAIN ? officialPath(rest) : rest };
}

const officialPath = (path: string): string => (path === '' || path.includes('/') ? path : `library/${path}`);

function checkPath(path: string): void {
  if (path.toLowerCase() !== path && PATH.test(path.toLowerCase())) {
    throw new InvalidReference(`invalid reference format: repository name (${path}) must be lowercase`);
  }
  if (!PATH.test(path)) throw new InvalidReference('invalid reference format');
  if (path.length > PATH_MAX_LENGTH) {
    throw new InvalidReference(`repository name must not be more than ${PATH_MAX_LENGTH} characters`);
  }
}

/** Domain and path: what tags and digests hang on. */
export const repositoryName = ({ domain, path }: Pick<Reference, 'domain' | 'path'>): string => `${domain}/${path}`;

/** The complete form: `docker.io/library/busybox:1.35@sha256:…`. */
export const formatReference = (reference: Reference): string => repositoryName(reference) + suffix(reference);

/** The short form that Docker shows: `busybox:1.35`. */
export function familiarReference(reference: Reference): string {
  if (reference.domain !== DEFAULT_DOMAIN) return formatReference(reference);
  const short = reference.path.replace(/^library\/(?=[^/]+$)/, '');
  // Docker Hub repositories such as `localhost/x` would be read as a host's without theirs.
  const readBack = splitDomain(short);
  const same = readBack.domain === DEFAULT_DOMAIN && readBack.path === reference.path;
  return (same ? short : repositoryName(reference)) + suffix(reference);
}

function suffix({ tag, digest }: Reference): string {
  return (tag === undefined ? '' : `:${tag}`) + (digest === undefined ? '' : `@${digest}`);
}
