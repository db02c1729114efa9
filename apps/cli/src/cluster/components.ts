import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { findHost, onHost } from '@gantry/hosts';
import type { Layout } from './layout';

/** One process of the cluster. */
export interface Component {
  name: string;
  /** The command line, or undefined while it cannot be started yet. */
  command(): Promise<string[] | undefined>;
  cwd?: string;
}

/** Every process the cluster of this machine should have, in the order they depend on each other. */
export function components(layout: Layout): Component[] {
  return [etcd(layout), registry(layout), server(layout), ...layout.nodeNames().map((node) => agent(layout, node))];
}

/** The bundled entry point of an app, beside the CLI's own. */
export function appMain(app: string): string {
  return resolve(__dirname, '..', app, 'main.js');
}

// etcd speaks on sockets of a folder only root may enter: no port, no passwords to leak. It wants host:port even there,
// and takes it as the socket's file name in its working directory.
function etcd(layout: Layout): Component {
  const client = 'unix://client:0';
  const peer = 'unix://peer:0';
  const args = {
    name: 'gantry',
    'data-dir': layout.etcdData,
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `gantry=${peer}`,
    'auto-compaction-mode': 'periodic',
    'auto-compaction-retention': '10m',
  };
  return {
    name: 'etcd',
    cwd: layout.etcdDirectory,
    command: () => Promise.resolve(['etcd', ...flags(args)]),
  };
}

export function etcdEndpoint(layout: Layout): string {
  return `unix:${layout.etcdDirectory}/client:0`;
}

function registry(layout: Layout): Component {
  const port = layout.settings.registryPort;
  const args = [
    ...flags({ 'data-dir': layout.registryData, port: String(port) }),
    ...['127.0.0.1', layout.machineAddress].flatMap((address) => ['--bind-address', address]),
  ];
  return { name: 'registry', command: () => Promise.resolve([process.execPath, appMain('registry'), ...args]) };
}

function server(layout: Layout): Component {
  const { settings } = layout;
  const mirror = `http://${layout.machineAddress}:${settings.registryPort}`;
  const args = [
    ...flags({
      'data-dir': layout.serverData,
      'etcd-endpoints': etcdEndpoint(layout),
      'bind-address': '0.0.0.0',
      'advertise-address': layout.machineAddress,
      port: String(settings.apiPort),
      'node-gateway-port': String(settings.gatewayPort),
      'service-cluster-ip-range': settings.serviceRange,
      'pod-cidr': settings.podRange,
      'cluster-domain': settings.clusterDomain,
      'dns-address': settings.dnsAddress,
      'join-token-file': layout.joinTokenFile,
      kubeconfig: layout.kubeconfig,
    }),
    ...['docker.io', `127.0.0.1:${settings.registryPort}`, `localhost:${settings.registryPort}`].flatMap((host) => [
      '--registry-mirror',
      `${host}=${mirror}`,
    ]),
  ];
  return { name: 'server', command: () => Promise.resolve([process.execPath, appMain('control-plane'), ...args]) };
}

function agent(layout: Layout, node: string): Component {
  const host = layout.host(node);
  const args = flags({
    'node-name': node,
    server: `${layout.machineAddress}:${layout.settings.gatewayPort}`,
    'token-file': layout.joinTokenFile,
    ca: layout.certificateAuthority,
    'data-dir': layout.nodeData(node),
    'run-dir': layout.nodeRun(node),
    'host-address': host.address,
    'cgroup-parent': host.cgroup,
  });
  return {
    name: `agent-${node}`,
    async command() {
      const init = await findHost(host);
      if (!init || !existsSync(layout.certificateAuthority)) return undefined;
      return onHost(init, [process.execPath, appMain('agent'), ...args]);
    },
  };
}

function flags(values: Record<string, string>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}
