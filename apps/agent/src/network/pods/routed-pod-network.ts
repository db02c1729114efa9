import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import type { Pod } from '@gantry/api';
import type { NetworkedSandbox, PodAddresses, PodNetwork } from '../../pods/pod-network';
import { ip, ipList } from '../ip-command';
import type { PodAddressPool } from './pod-addresses';

/**
 * Every pod hangs on its own point-to-point link and is routed, not bridged: all its packets pass the node's IP stack,
 * where services, and later policies, act on them, and a pod may reach itself through a service.
 * The pod's gateway is a link-local address that exists nowhere: a fixed neighbour entry sends its packets to the node.
 */
const GATEWAY = '169.254.1.1';
const NODE_END_MAC = 'ee:ee:ee:ee:ee:ee';

export interface PodLinkListener {
  /** Local pods or their host ports are other than before. */
  changed(): void;
}

export class RoutedPodNetwork implements PodNetwork {
  /** Host ports by sandbox: `tcp . 8080` → `10.244.1.5 . 80`. */
  private readonly hostPortsOf = new Map<string, [string, string][]>();
  private readonly attached = new Map<string, string>();

  constructor(
    private readonly pool: PodAddressPool,
    private readonly settings: { mtu: number; hostAddress: string },
    private readonly listener: PodLinkListener,
  ) {}

  async attach(sandbox: NetworkedSandbox, pod: Pod): Promise<PodAddresses> {
    const address = await this.pool.allocate(sandbox.id);
    if (!this.attached.has(sandbox.id)) {
      if (!(await isConnected(linkName(sandbox.id), address))) await this.connect(sandbox, address);
      this.attached.set(sandbox.id, address);
      this.hostPortsOf.set(sandbox.id, hostPorts(pod, address));
      this.listener.changed();
    }
    return { ip: address, ips: [address] };
  }

  async detach(sandboxId: string): Promise<void> {
    const link = linkName(sandboxId);
    if (await linkExists(link)) await ip([`link delete ${link}`]);
    await this.pool.release(sandboxId);
    this.hostPortsOf.delete(sandboxId);
    if (this.attached.delete(sandboxId)) this.listener.changed();
  }

  async retain(sandboxIds: ReadonlySet<string>): Promise<void> {
    for (const id of this.pool.sandboxes()) if (!sandboxIds.has(id)) await this.detach(id);
  }

  localPods(): Iterable<string> {
    return this.attached.values();
  }

  hostPorts(): ReadonlyMap<string, string> {
    return new Map([...this.hostPortsOf.values()].flat());
  }

  // The route to the pod comes last: a link without it was left half-made by a killed agent, and is made anew.
  private async connect(sandbox: NetworkedSandbox, address: string): Promise<void> {
    const link = linkName(sandbox.id);
    const { mtu } = this.settings;
    if (await linkExists(link)) await ip([`link delete ${link}`]);
    await ip(
      [
        // Made from inside, where eth0 is born; the node's end goes to the namespace of PID 1, the node's own.
        `link add eth0 mtu ${mtu} address ${podMac(address)} type veth peer name ${link} mtu ${mtu} address ${NODE_END_MAC} netns 1`,
        'link set lo up',
        'link set eth0 up',
        `address add ${address}/32 dev eth0`,
        `route add ${GATEWAY} dev eth0 scope link`,
        `neigh add ${GATEWAY} lladdr ${NODE_END_MAC} dev eth0 nud permanent`,
        `route add default via ${GATEWAY} dev eth0`,
      ],
      sandbox.networkNamespace,
    );
    await ip([
      `link set ${link} up`,
      `neigh replace ${address} lladdr ${podMac(address)} dev ${link} nud permanent`,
      `route replace ${address}/32 dev ${link} scope link src ${this.settings.hostAddress}`,
    ]);
  }
}

/** The name of the node's end of a sandbox's link: found again from the sandbox's id alone. */
export function linkName(sandboxId: string): string {
  return `gp${createHash('sha256').update(sandboxId).digest('hex').slice(0, 12)}`;
}

function podMac(address: string): string {
  const octets = address.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
  return ['0a', '58', ...octets].join(':');
}

async function linkExists(name: string): Promise<boolean> {
  return access(`/proc/sys/net/ipv4/conf/${name}`).then(
    () => true,
    () => false,
  );
}

async function isConnected(link: string, address: string): Promise<boolean> {
  if (!(await linkExists(link))) return false;
  return (await ipList('route', 'show', `${address}/32`, 'dev', link)).length > 0;
}

function hostPorts(pod: Pod, address: string): [string, string][] {
  return (pod.spec.containers ?? [])
    .flatMap((container) => container.ports ?? [])
    .filter((port) => port.hostPort)
    .map((port) => [
      `${(port.protocol ?? 'TCP').toLowerCase()} . ${port.hostPort}`,
      `${address} . ${port.containerPort}`,
    ]);
}
