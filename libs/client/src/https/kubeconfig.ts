import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';

/** Where an API server is and how to be someone there. */
export interface Cluster {
  /** `https://127.0.0.1:6443` */
  server: string;
  /** PEM. */
  ca?: Buffer;
  /** PEM; the client's own certificate and key. */
  cert?: Buffer;
  key?: Buffer;
  token?: string;
  skipTlsVerify?: boolean;
  /** The namespace to use when none is named. */
  namespace?: string;
}

interface Kubeconfig {
  'current-context'?: string;
  contexts?: { name: string; context: { cluster: string; user: string; namespace?: string } }[];
  clusters?: {
    name: string;
    cluster: {
      server: string;
      'certificate-authority'?: string;
      'certificate-authority-data'?: string;
      'insecure-skip-tls-verify'?: boolean;
    };
  }[];
  users?: {
    name: string;
    user: {
      'client-certificate'?: string;
      'client-certificate-data'?: string;
      'client-key'?: string;
      'client-key-data'?: string;
      token?: string;
      tokenFile?: string;
    };
  }[];
}

/** Reads one context of a kubeconfig, the current one unless named. Throws with the name of what is missing. */
export async function readKubeconfig(path: string, contextName?: string): Promise<Cluster> {
  // A kubeconfig may be JSON as well, which is YAML.
  const config = parse(await readFile(path, 'utf8'), { maxAliasCount: 100 }) as Kubeconfig | null;
  const wanted = contextName ?? config?.['current-context'];
  const { context } = named(config?.contexts, wanted, 'context', path);
  const { cluster } = named(config?.clusters, context.cluster, 'cluster', path);
  const { user } = named(config?.users, context.user, 'user', path);
  // Relative paths in a kubeconfig start at its own folder.
  const file = (name: string) => readFile(resolve(dirname(path), name));
  const content = async (data?: string, name?: string) => {
    if (data) return Buffer.from(data, 'base64');
    return name ? file(name) : undefined;
  };
  return {
    server: cluster.server,
    ca: await content(cluster['certificate-authority-data'], cluster['certificate-authority']),
    cert: await content(user['client-certificate-data'], user['client-certificate']),
    key: await content(user['client-key-data'], user['client-key']),
    token: user.token ?? (user.tokenFile ? (await file(user.tokenFile)).toString().trim() : undefined),
    skipTlsVerify: cluster['insecure-skip-tls-verify'],
    namespace: context.namespace,
  };
}

function named<E extends { name: string }>(
  entries: E[] | undefined,
  name: string | undefined,
  what: string,
  path: string,
): E {
  const entry = entries?.find((candidate) => candidate.name === name);
  if (!entry) throw new Error(`${path} has no ${what} ${JSON.stringify(name ?? '')}`);
  return entry;
}
