import type { Pod } from '@gantry/api';

const MAX_HOSTNAME_LENGTH = 63;

export interface PodHostname {
  /** What the kernel and /etc/hostname say. */
  hostname: string;
  /** The full name in the cluster's DNS, for pods with a subdomain. */
  fqdn?: string;
}

/** The pod's name unless it asks for another, cut to what a host name may be. */
export function podHostname(pod: Pod, clusterDomain: string): PodHostname {
  const { hostname, subdomain, setHostnameAsFQDN } = pod.spec;
  const short = hostname ?? pod.metadata.name.slice(0, MAX_HOSTNAME_LENGTH).replace(/[-.]+$/, '');
  if (!subdomain) return { hostname: short };
  const fqdn = `${short}.${subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}`;
  return { hostname: setHostnameAsFQDN ? fqdn : short, fqdn };
}
