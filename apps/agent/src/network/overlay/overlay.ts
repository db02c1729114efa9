import type { Node } from '@gantry/api';
import { ip, ipList, run } from '../ip-command';
import {
  contains,
  peersOf,
  planRoutes,
  tunnelMac,
  type OverlayMode,
  type OverlayState,
  type Route,
} from './overlay.plan';

/** The routes to other nodes' pods carry this protocol number: they are ours to add and remove (rtnetlink(7), rtm_protocol). */
const ROUTE_PROTOCOL = '201';
const TUNNEL = 'gantry-vxlan';
const VXLAN_ID = 42;
const VXLAN_PORT = 8472;

export interface OverlaySettings {
  nodeName: string;
  hostAddress: string;
  mode: OverlayMode;
}

/** Keeps the way to every other node's pods open: plain routes where the node is on the same link, VXLAN otherwise. */
export class Overlay {
  private applied?: OverlayState;
  private tunnelReady = false;

  constructor(private readonly settings: OverlaySettings) {}

  /** Makes the kernel's routes those of these nodes. Safe to repeat; not to be run twice at once. */
  async follow(nodes: readonly Node[]): Promise<void> {
    const links = await localRanges();
    const peers = peersOf(nodes, this.settings.nodeName);
    const wanted = planRoutes(peers, this.settings.mode, (address) => contains(links, address));
    const known = this.applied?.routes ?? (await routesLeftBehind());
    const podRange = nodes.find((node) => node.metadata.name === this.settings.nodeName)?.spec?.podCIDR;
    const lines: string[] = [];
    for (const [range, route] of wanted.routes) {
      if (sameRoute(known.get(range), route)) continue;
      if (route.via === 'vxlan') await this.ensureTunnel(podRange, route);
      lines.push(routeLine(range, route));
    }
    for (const range of known.keys()) {
      if (!wanted.routes.has(range)) lines.push(`route del ${range} proto ${ROUTE_PROTOCOL}`);
    }
    this.applied = undefined;
    await ip(lines);
    this.applied = wanted;
  }

  private async ensureTunnel(podRange: string | undefined, peer: Extract<Route, { via: 'vxlan' }>): Promise<void> {
    const { hostAddress } = this.settings;
    if (!this.tunnelReady) {
      const exists = (await ipList<{ ifname: string }>('link', 'show')).some(({ ifname }) => ifname === TUNNEL);
      const mac = tunnelMac(hostAddress);
      const options = `id ${VXLAN_ID} local ${hostAddress} dstport ${VXLAN_PORT} nolearning`;
      await ip([
        ...(exists ? [] : [`link add ${TUNNEL} address ${mac} type vxlan ${options}`]),
        ...(podRange ? [`address replace ${podRange.split('/')[0]}/32 dev ${TUNNEL}`] : []),
        `link set ${TUNNEL} up`,
      ]);
      this.tunnelReady = true;
    }
    await ip([`neigh replace ${peer.gateway} lladdr ${peer.mac} dev ${TUNNEL} nud permanent`]);
    await run('bridge', ['fdb', 'replace', peer.mac, 'dev', TUNNEL, 'dst', peer.host]);
  }
}

function routeLine(range: string, route: Route): string {
  const hop = route.via === 'lan' ? `via ${route.gateway}` : `via ${route.gateway} dev ${TUNNEL} onlink`;
  return `route replace ${range} ${hop} proto ${ROUTE_PROTOCOL}`;
}

function sameRoute(a: Route | undefined, b: Route): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

async function localRanges(): Promise<string[]> {
  type Address = { addr_info: { family: string; local: string; prefixlen: number }[] };
  const links = await ipList<Address>('address', 'show', 'scope', 'global');
  return links.flatMap((link) =>
    link.addr_info.filter(({ family }) => family === 'inet').map(({ local, prefixlen }) => `${local}/${prefixlen}`),
  );
}

// An earlier agent's routes: those that are not wanted any more must go. Their next hops are set again in any case.
async function routesLeftBehind(): Promise<OverlayState['routes']> {
  const routes = await ipList<{ dst: string }>('route', 'show', 'proto', ROUTE_PROTOCOL);
  return new Map(routes.map(({ dst }) => [dst, { via: 'lan', gateway: '' }]));
}
