import type { Pod } from '@gantry/api';

export interface ClusterDns {
  address: string;
  domain: string;
}

interface ResolverSettings {
  nameservers: string[];
  searches: string[];
  options: string[];
}

const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;

/**
 * The /etc/resolv.conf of a pod by its dnsPolicy and dnsConfig. `ClusterFirst` on the host network means the node's
 * own resolver, as in Kubernetes; `ClusterFirstWithHostNet` asks for the cluster's there too.
 */
export function resolvConf(pod: Pod, dns: ClusterDns, nodeFile: string): string {
  const base = baseSettings(pod, dns, parseResolvConf(nodeFile));
  const extra = pod.spec.dnsConfig;
  const nameservers = unique([...base.nameservers, ...(extra?.nameservers ?? [])]).slice(0, MAX_NAMESERVERS);
  const searches = unique([...base.searches, ...(extra?.searches ?? [])]).slice(0, MAX_SEARCHES);
  const options = mergeOptions(base.options, extra?.options ?? []);
  const lines = nameservers.map((address) => `nameserver ${address}`);
  if (searches.length > 0) lines.unshift(`search ${searches.join(' ')}`);
  if (options.length > 0) lines.push(`options ${options.join(' ')}`);
  return `${lines.join('\n')}\n`;
}

function baseSettings(pod: Pod, dns: ClusterDns, node: ResolverSettings): ResolverSettings {
  const policy = pod.spec.dnsPolicy ?? 'ClusterFirst';
  if (policy === 'None') return { nameservers: [], searches: [], options: [] };
  if (policy === 'Default' || (policy === 'ClusterFirst' && pod.spec.hostNetwork)) return node;
  const own = [`${pod.metadata.namespace}.svc.${dns.domain}`, `svc.${dns.domain}`, dns.domain];
  return { nameservers: [dns.address], searches: [...own, ...node.searches], options: ['ndots:5'] };
}

export function parseResolvConf(text: string): ResolverSettings {
  const settings: ResolverSettings = { nameservers: [], searches: [], options: [] };
  for (const line of text.split('\n')) {
    const [word, ...rest] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (word === 'nameserver' && rest[0]) settings.nameservers.push(rest[0]);
    // The last search line counts.
    if (word === 'search') settings.searches = rest.filter((domain) => domain !== '.');
    if (word === 'options') settings.options.push(...rest);
  }
  return settings;
}

function mergeOptions(base: string[], extra: { name?: string; value?: string }[]): string[] {
  const merged = new Map(base.map((option) => [option.split(':')[0]!, option]));
  for (const { name, value } of extra) {
    if (name) merged.set(name, value === undefined ? name : `${name}:${value}`);
  }
  return [...merged.values()];
}

const unique = (values: string[]): string[] => [...new Set(values)];
