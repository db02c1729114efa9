import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EndpointSlice, Node, Service, type Pod } from '@gantry/api';
import type { Clock, Closeable } from '@gantry/base';
import type { InformerSet } from '@gantry/client';
import type { Logger } from '@gantry/observability';
import type { NetworkedSandbox, PodAddresses, PodNetwork } from '../pods/pod-network';
import { DnsServer } from './dns/dns-server';
import { Zone } from './dns/zone';
import { ip, ipList, run } from './ip-command';
import { nodeRange } from './node-range';
import { Overlay } from './overlay/overlay';
import type { OverlayMode } from './overlay/overlay.plan';
import { PodAddressPool } from './pods/pod-addresses';
import { RoutedPodNetwork } from './pods/routed-pod-network';
import { Refresher } from './refresher';
import { ServiceProxy } from './services/service-proxy';

export interface ClusterNetworkSettings {
  nodeName: string;
  hostAddress: string;
  /** Folder for what must be known again after a restart. */
  dataDir: string;
  podRange: string;
  serviceRange: string;
  dnsAddress: string;
  clusterDomain: string;
  mode: OverlayMode;
}

export interface ClusterNetworkParts {
  informers: InformerSet;
  clock: Clock;
  log: Logger;
}

const VXLAN_OVERHEAD = 50;
const DNS_PORT = 53;

/**
 * The node's share of the cluster's network: links for its pods, ways to the other nodes' pods, services in the packet
 * filter, and the cluster's DNS. What the kernel holds survives this process; nothing of it is changed before the
 * informers know what there should be.
 */
export class ClusterNetwork implements PodNetwork, Closeable {
  private readonly pods: Promise<RoutedPodNetwork>;
  private ready?: RoutedPodNetwork;
  private readonly proxy: ServiceProxy;
  private readonly routes: Refresher;
  private readonly watches: Closeable[];
  private zone?: Zone;
  private dns?: DnsServer;

  private constructor(
    private readonly settings: ClusterNetworkSettings,
    private readonly parts: ClusterNetworkParts,
    private readonly mtu: number,
  ) {
    const { informers, clock, log } = parts;
    const services = informers.of(Service);
    const slices = informers.of(EndpointSlice);
    const nodes = informers.of(Node);
    this.pods = this.openPods();
    const sources = {
      services: () => services.cache.list(),
      slices: () => slices.cache.list(),
      hostPorts: () => this.ready?.hostPorts() ?? new Map<string, string>(),
      localPods: () => this.ready?.localPods() ?? [],
    };
    const nft = async (commands: string): Promise<void> => {
      await run('nft', ['-f', '-'], commands);
    };
    this.proxy = new ServiceProxy(settings, sources, nft, clock, log.child({ scope: 'network.services' }));
    const overlay = new Overlay(settings);
    this.routes = new Refresher(
      () => overlay.follow(nodes.cache.list()),
      clock,
      log.child({ scope: 'network.routes' }),
    );
    this.watches = [
      services.onChange(() => {
        this.servicesChanged();
      }),
      slices.onChange(() => {
        this.servicesChanged();
      }),
      nodes.onChange(() => {
        this.nodesChanged();
      }),
    ];
    void Promise.all([services.synced(), slices.synced()]).then(() => {
      this.servicesChanged();
    });
    void nodes.synced().then(() => {
      this.nodesChanged();
    });
  }

  static async start(settings: ClusterNetworkSettings, parts: ClusterNetworkParts): Promise<ClusterNetwork> {
    await writeFile('/proc/sys/net/ipv4/ip_forward', '1');
    await ensureLocalRoutes(settings);
    const network = new ClusterNetwork(settings, parts, (await uplinkMtu(settings.hostAddress)) - VXLAN_OVERHEAD);
    const { dnsAddress: address, clusterDomain: domain } = settings;
    const log = parts.log.child({ scope: 'network.dns' });
    network.dns = await DnsServer.listen({ address, port: DNS_PORT, domain }, () => network.currentZone(), log);
    return network;
  }

  async attach(sandbox: NetworkedSandbox, pod: Pod): Promise<PodAddresses> {
    return (await this.pods).attach(sandbox, pod);
  }

  async detach(sandboxId: string): Promise<void> {
    return (await this.pods).detach(sandboxId);
  }

  async retain(sandboxIds: ReadonlySet<string>): Promise<void> {
    return (await this.pods).retain(sandboxIds);
  }

  async close(): Promise<void> {
    for (const watch of this.watches) void watch.close();
    await Promise.all([this.proxy.close(), this.routes.close(), this.dns?.close()]);
  }

  private async openPods(): Promise<RoutedPodNetwork> {
    const { dataDir, nodeName, hostAddress } = this.settings;
    const range = await nodeRange(join(dataDir, 'range'), this.parts.informers.of(Node), nodeName);
    const pool = await PodAddressPool.open(join(dataDir, 'addresses'), range);
    const links = {
      changed: (): void => {
        this.podsChanged();
      },
    };
    this.ready = new RoutedPodNetwork(pool, { mtu: this.mtu, hostAddress }, links);
    return this.ready;
  }

  private servicesChanged(): void {
    this.zone = undefined;
    this.podsChanged();
  }

  private podsChanged(): void {
    if (this.servicesKnown()) this.proxy.changed();
  }

  private nodesChanged(): void {
    if (this.parts.informers.of(Node).isSynced) this.routes.changed();
  }

  private servicesKnown(): boolean {
    const { informers } = this.parts;
    return informers.of(Service).isSynced && informers.of(EndpointSlice).isSynced;
  }

  // Made anew by the first question after a change, however many changes there were.
  private currentZone(): Zone | undefined {
    if (!this.zone && this.servicesKnown()) {
      const { informers } = this.parts;
      const services = informers.of(Service).cache.list();
      this.zone = new Zone(this.settings.clusterDomain, services, informers.of(EndpointSlice).cache.list());
    }
    return this.zone;
  }
}

// The DNS address is the node's own; the other service addresses get a route, because a local program's packet is routed
// before the packet filter can send it elsewhere.
async function ensureLocalRoutes({ dnsAddress, serviceRange, hostAddress }: ClusterNetworkSettings): Promise<void> {
  const device = await uplink(hostAddress);
  await ip([
    'link set lo up',
    `address replace ${dnsAddress}/32 dev lo`,
    `route replace ${serviceRange} dev ${device} src ${hostAddress}`,
  ]);
}

interface Link {
  ifname: string;
  mtu: number;
  addr_info: { local: string }[];
}

async function linkOf(hostAddress: string): Promise<Link> {
  const links = await ipList<Link>('address', 'show');
  const link = links.find(({ addr_info }) => addr_info.some(({ local }) => local === hostAddress));
  if (!link) throw new Error(`no network interface of this node has the address ${hostAddress}`);
  return link;
}

const uplink = async (hostAddress: string): Promise<string> => (await linkOf(hostAddress)).ifname;
const uplinkMtu = async (hostAddress: string): Promise<number> => (await linkOf(hostAddress)).mtu;
