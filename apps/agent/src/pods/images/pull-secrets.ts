import { parseReference, type Credentials } from '@gantry/oci';
import type { Pod, Secret } from '@gantry/api';

interface DockerAuth {
  username?: string;
  password?: string;
  /** Base64 of `username:password`; used when the two are absent. */
  auth?: string;
}

/**
 * The credentials that a pod's imagePullSecrets hold for an image's registry, the most specific entry first.
 * Secrets that are missing or unreadable are passed over, as in Kubernetes: the registry's answer then tells.
 */
export function pullCredentials(
  pod: Pod,
  image: string,
  secret: (name: string) => Secret | undefined,
): Pick<Credentials, 'username' | 'password'>[] {
  const { domain, path } = parseReference(image);
  const repository = `${domain}/${path}`;
  const found: { key: string; credentials: { username: string; password: string } }[] = [];
  for (const { name } of pod.spec.imagePullSecrets ?? []) {
    for (const [key, auth] of Object.entries(authsOf(name ? secret(name) : undefined))) {
      const credentials = decodeAuth(auth);
      if (credentials && covers(registryKey(key), repository)) found.push({ key: registryKey(key), credentials });
    }
  }
  return found.sort((a, b) => b.key.length - a.key.length).map(({ credentials }) => credentials);
}

function authsOf(secret: Secret | undefined): Record<string, DockerAuth> {
  const json = decode(secret?.data?.['.dockerconfigjson']);
  if (json) return (json as { auths?: Record<string, DockerAuth> }).auths ?? {};
  return (decode(secret?.data?.['.dockercfg']) ?? {}) as Record<string, DockerAuth>;
}

function decode(base64: string | undefined): unknown {
  if (!base64) return undefined;
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString());
  } catch {
    return undefined;
  }
}

function decodeAuth({ username, password, auth }: DockerAuth): { username: string; password: string } | undefined {
  if (username && password !== undefined) return { username, password };
  const match = /^([^:]+):(.*)$/s.exec(Buffer.from(auth ?? '', 'base64').toString());
  return match ? { username: match[1]!, password: match[2]! } : undefined;
}

/** Docker's own host goes by several names in configuration files. */
function registryKey(key: string): string {
  const bare = key.replace(/^https?:\/\//, '').replace(/\/(v[12]\/?)?$/, '');
  return bare === 'index.docker.io' || bare === 'registry-1.docker.io' ? 'docker.io' : bare;
}

/** `*` stands for one label of the host (`*.example.com`). */
function covers(key: string, repository: string): boolean {
  if (!key.includes('*')) return repository === key || repository.startsWith(`${key}/`);
  const pattern = key
    .split('*')
    .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^./]+');
  return new RegExp(`^${pattern}(/|$)`).test(repository);
}
