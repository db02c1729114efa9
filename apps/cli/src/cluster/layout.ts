import { join } from 'node:path';
import type { HostSpec, Lan } from '@gantry/hosts';
import { readSettings, type ClusterSettings } from './settings';

/** Where the cluster of this machine keeps everything, and which addresses it uses. */
export class Layout {
  constructor(
    readonly directory: string,
    readonly settings: ClusterSettings,
  ) {}

  readonly runDirectory = '/run/gantry';
  readonly etcdDirectory = join(this.runDirectory, 'etcd');
  readonly kubeconfig = join(this.directory, 'admin.kubeconfig');
  readonly joinTokenFile = join(this.directory, 'join-token');
  readonly serverData = join(this.directory, 'server');
  readonly certificateAuthority = join(this.serverData, 'ca.crt');
  readonly etcdData = join(this.directory, 'etcd');
  readonly registryData = join(this.directory, 'registry');
  readonly imageCache = join(this.directory, 'images');

  pidFile(component: string): string {
    return join(this.directory, 'run', `${component}.pid`);
  }

  logFile(component: string): string {
    return join(this.directory, 'logs', `${component}.log`);
  }

  nodeNames(): string[] {
    return Array.from({ length: this.settings.nodes }, (_, i) => `node-${i + 1}`);
  }

  nodeData(node: string): string {
    return join(this.directory, 'nodes', node, 'data');
  }

  nodeRun(node: string): string {
    return join(this.runDirectory, node);
  }

  /** The machine's own address among the hosts. */
  get machineAddress(): string {
    return hostAddress(this.settings.hostRange, 1);
  }

  get lan(): Lan {
    const { hostRange, podRange, serviceRange } = this.settings;
    return {
      bridge: 'gantry0',
      address: this.machineAddress,
      prefixLength: Number(hostRange.split('/')[1]),
      ranges: [hostRange, podRange, serviceRange],
    };
  }

  host(node: string): HostSpec {
    const number = Number(node.slice('node-'.length));
    return {
      name: node,
      address: hostAddress(this.settings.hostRange, 10 + number),
      lan: this.lan,
      folder: join(this.directory, 'nodes', node),
      cgroup: `/gantry/${node}`,
    };
  }
}

/** The layout of the cluster that was started there. */
export async function existingLayout(directory: string): Promise<Layout> {
  const settings = await readSettings(directory);
  if (!settings) throw new Error(`there is no cluster in ${directory}: run \`gantry up\``);
  return new Layout(directory, settings);
}

/** The nth address of an IPv4 range. */
export function hostAddress(range: string, n: number): string {
  const octets = range.split('/')[0]!.split('.').map(Number);
  const value = octets.reduce((sum, octet) => sum * 256 + octet, 0) + n;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
