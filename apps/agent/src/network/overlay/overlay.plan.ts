import type { Node } from '@gantry/api';

/** How packets for another node's pods travel. */
export type OverlayMode = 'auto' | 'routes' | 'vxlan';

/** Another node as the overlay sees it. */
export interface Peer {
  name: string;
  hostAddress: string;
  podRange: string;
}

/** Kernel state the overlay owns, each entry as the arguments of an `ip` (or `bridge`) command. */
export interface OverlayState {
  /** Pod range → next hop. */
  routes: Map<string, Route>;
}

export type Route = { via: 'lan'; gateway: string } | { via: 'vxlan'; gateway: string; mac: string; host: string };

/** The other nodes of the cluster that have pods to offer. */
export function peersOf(nodes: readonly Node[], self: string): Peer[] {
  const peers: Peer[] = [];
  for (const node of nodes) {
    const hostAddress = node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
    const podRange = node.spec?.podCIDR;
    if (node.metadata.name === self || !hostAddress || !podRange) continue;
    peers.push({ name: node.metadata.name, hostAddress, podRange });
  }
  return peers;
}

/** The routes this node needs. `onLink` tells whether a host can be reached without a router. */
export function planRoutes(
  peers: readonly Peer[],
  mode: OverlayMode,
  onLink: (address: string) => boolean,
): OverlayState {
  const routes = new Map<string, Route>();
  for (const { hostAddress, podRange } of peers) {
    const direct = mode === 'routes' || (mode === 'auto' && onLink(hostAddress));
    routes.set(
      podRange,
      direct
        ? { via: 'lan', gateway: hostAddress }
        : { via: 'vxlan', gateway: podRange.split('/')[0]!, mac: tunnelMac(hostAddress), host: hostAddress },
    );
  }
  return { routes };
}

/** The MAC address of a node's tunnel end, known to all from its host address: locally administered, unicast. */
export function tunnelMac(hostAddress: string): string {
  const octets = hostAddress.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
  return ['0a', '58', ...octets].join(':');
}

/** Whether an address lies in one of the ranges (IPv4, `10.77.0.0/16`). */
export function contains(ranges: readonly string[], address: string): boolean {
  const value = toNumber(address);
  return ranges.some((range) => {
    const [base = '', length = '32'] = range.split('/');
    const size = 2 ** (32 - Number(length));
    return Math.floor(value / size) === Math.floor(toNumber(base) / size);
  });
}

function toNumber(address: string): number {
  return address.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);
}
