import { readFileSync } from 'node:fs';
import { availableParallelism, hostname, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Quantity } from '@gantry/api';
import type { OverlayMode } from './network';

export interface AgentSettings {
  nodeName: string;
  /** Node gateways as `host:port`. */
  servers: string[];
  /** Needed until the node has joined. */
  token?: string;
  /** PEM of the cluster's CA. */
  certificateAuthority: string;
  dataDir: string;
  runDir: string;
  /** This node's address on the machine network. */
  hostAddress: string;
  cgroupParent: string;
  ociRuntime: 'auto' | 'crun' | 'runc';
  podNetwork: OverlayMode | 'loopback';
  metricsPort: number;
  /** Cores that the node offers. */
  cpu: string;
  /** Bytes that the node offers. */
  memory: string;
  maxPods: number;
  containerLog: { maxBytes: number; maxFiles: number };
  logLevel: 'debug' | 'info' | 'warn' | 'error';
}

const flags = {
  'node-name': { type: 'string', help: 'name of the node in the cluster (the host name)' },
  server: { type: 'string', multiple: true, help: 'node gateway as host:port; may be repeated' },
  token: { type: 'string', help: 'admits a node that has not joined yet' },
  'token-file': { type: 'string', help: 'file that holds the token' },
  ca: { type: 'string', help: "file with the cluster's certificate authority (PEM)" },
  'data-dir': { type: 'string', help: 'what outlives a reboot (/var/lib/gantry/agent)' },
  'run-dir': { type: 'string', help: 'what does not, on a tmpfs (/run/gantry/agent)' },
  'host-address': { type: 'string', help: "the node's address on the machine network" },
  'cgroup-parent': { type: 'string', help: 'cgroup of everything that runs here (/gantry)' },
  runtime: { type: 'string', help: 'crun, runc or auto (auto)' },
  'pod-network': { type: 'string', help: 'auto, routes, vxlan, or loopback for none (auto)' },
  'metrics-port': { type: 'string', help: 'port of /metrics and /healthz (10255)' },
  cpu: { type: 'string', help: 'cores that the node offers (all)' },
  memory: { type: 'string', help: 'memory that the node offers (all)' },
  'max-pods': { type: 'string', help: 'pods that the node takes (110)' },
  'container-log-max-size': { type: 'string', help: 'a log is rotated at this size (10Mi)' },
  'container-log-max-files': { type: 'string', help: 'files kept per container (5)' },
  'log-level': { type: 'string', help: 'debug, info, warn or error (info)' },
} as const;

/** Reads the command line; throws an Error that names the flag and says what is wrong with it. */
export function parseSettings(argv: string[]): AgentSettings {
  const { values } = parseArgs({ args: argv, options: flags });
  const given = (name: Exclude<keyof typeof flags, 'server'>): string => {
    const value = values[name];
    if (!value) throw new Error(`--${name} is required`);
    return value;
  };
  const dataDir = values['data-dir'] ?? '/var/lib/gantry/agent';
  return {
    nodeName: values['node-name'] ?? hostname().toLowerCase(),
    servers: values.server ?? fail('--server is required'),
    token: values['token-file'] ? readFileSync(values['token-file'], 'utf8').trim() : values.token,
    certificateAuthority: readFileSync(given('ca'), 'utf8'),
    dataDir,
    runDir: values['run-dir'] ?? '/run/gantry/agent',
    hostAddress: given('host-address'),
    cgroupParent: values['cgroup-parent'] ?? '/gantry',
    ociRuntime: oneOf('runtime', values.runtime ?? 'auto', ['auto', 'crun', 'runc']),
    podNetwork: oneOf('pod-network', values['pod-network'] ?? 'auto', ['auto', 'routes', 'vxlan', 'loopback']),
    metricsPort: wholeNumber('metrics-port', values['metrics-port'] ?? '10255'),
    cpu: quantity('cpu', values.cpu ?? String(availableParallelism())),
    memory: quantity('memory', values.memory ?? String(totalmem())),
    maxPods: wholeNumber('max-pods', values['max-pods'] ?? '110'),
    containerLog: {
      maxBytes: Quantity.parse(quantity('container-log-max-size', values['container-log-max-size'] ?? '10Mi')).value(),
      maxFiles: wholeNumber('container-log-max-files', values['container-log-max-files'] ?? '5'),
    },
    logLevel: oneOf('log-level', values['log-level'] ?? 'info', ['debug', 'info', 'warn', 'error']),
  };
}

export function settingsUsage(): string {
  const lines = Object.entries(flags).map(([name, { help }]) => `  ${`--${name}`.padEnd(28)}${help}`);
  return `Usage: gantry agent [flags]\n\n${lines.join('\n')}\n`;
}

/** Where the runtime keeps its own under the node's folders. */
export const runtimeFolders = ({ dataDir, runDir }: AgentSettings): { root: string; runDir: string } => ({
  root: join(dataDir, 'runtime'),
  runDir: join(runDir, 'runtime'),
});

function oneOf<const T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  return found ?? fail(`--${flag}: "${value}" is not one of ${allowed.join(', ')}`);
}

function wholeNumber(flag: string, value: string): number {
  return /^\d+$/.test(value) ? Number(value) : fail(`--${flag}: "${value}" is not a whole number`);
}

function quantity(flag: string, value: string): string {
  try {
    return Quantity.parse(value).toString();
  } catch (error) {
    throw new Error(`--${flag}: "${value}" is not a quantity like 500m or 2Gi`, { cause: error });
  }
}

function fail(message: string): never {
  throw new Error(message);
}
