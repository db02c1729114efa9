import type { HostAlias } from '@gantry/api';
import type { PodHostname } from './hostname';

const LOCAL_HOSTS = [
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::\tip6-localnet',
  'fe00::1\tip6-allnodes',
  'fe00::2\tip6-allrouters',
];

/** The /etc/hosts of a pod: itself, and the aliases it asks for. Before its address is known, without it. */
export function hostsFile(name: PodHostname, ips: string[], aliases: HostAlias[] = []): string {
  const names = name.fqdn && name.fqdn !== name.hostname ? `${name.fqdn}\t${name.hostname}` : name.hostname;
  const lines = ['# Written by the node for this pod.', ...LOCAL_HOSTS, ...ips.map((ip) => `${ip}\t${names}`)];
  return `${[...lines, ...aliasLines(aliases)].join('\n')}\n`;
}

/** A pod on the node's network sees the node's own file, with its aliases added. */
export function nodeHostsFile(nodeFile: string, aliases: HostAlias[] = []): string {
  const lines = aliasLines(aliases);
  return lines.length === 0 ? nodeFile : `${nodeFile.trimEnd()}\n${lines.join('\n')}\n`;
}

function aliasLines(aliases: HostAlias[]): string[] {
  if (aliases.length === 0) return [];
  return ['', '# From hostAliases.', ...aliases.map(({ ip, hostnames }) => `${ip}\t${(hostnames ?? []).join('\t')}`)];
}
