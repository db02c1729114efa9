import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Ipv4Range } from './ipv4-range';

export const ROLES = ['api', 'scheduler', 'reconcilers'] as const;
export type Role = (typeof ROLES)[number];

/** Everything a control plane can be told, checked. */
export interface Settings {
  /** Keys, certificates and the default kubeconfig live below it. */
  dataDir: string;
  /** URLs of the etcd members; none = keep state in this process's memory, for trials. */
  etcdEndpoints: string[];
  /** Address and port the API listens on. */
  bindAddress: string;
  port: number;
  /** Address under which clients in the cluster reach the API. */
  advertiseAddress: string;
  /** Further DNS names and addresses for the server certificate. */
  serverNames: string[];
  /** Addresses and port agents dial. */
  nodeGatewayAddress: string;
  nodeGatewayPort: number;
  serviceRange: Ipv4Range;
  nodePorts: { first: number; last: number };
  podCidr: string;
  clusterDomain: string;
  dnsAddress: string;
  /** Where images of a registry host are looked for first, by that host. */
  registryMirrors: RegistryMirror[];
  roles: ReadonlySet<Role>;
  /** Where the administrator's kubeconfig is written. */
  kubeconfig: string;
  /** What a new node must show to join; without it no node can join. */
  joinToken?: string;
  /** CSV of `token,user,uid,"group1,group2"`: bearer tokens that never change while the server runs. */
  tokenFile?: string;
}

export interface RegistryMirror {
  /** The registry as image names have it, e.g. `docker.io`. */
  host: string;
  /** Base URLs, tried in order. */
  endpoints: string[];
}

/** Names the flag and what is wrong with its value. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

interface Flag<T> {
  doc: string;
  /** Shown in the usage, and parsed when the flag is absent. */
  default?: string;
  repeatable?: boolean;
  /** Throws an Error saying what is wrong. */
  parse(values: string[]): T;
}

const text = ([value = '']: string[]): string => value;

// Secrets come in files: what stands on a command line, everybody on the machine can read.
function file([path]: string[]): string {
  return path ? readFileSync(path, 'utf8').trim() : '';
}

function port([value = '']: string[]): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65535) throw new Error(`"${value}" is not a port number`);
  return number;
}

function address([value = '']: string[]): string {
  if (!isIP(value)) throw new Error(`"${value}" is not an IP address`);
  return value;
}

function range([value = '']: string[]): Ipv4Range {
  return Ipv4Range.parse(value);
}

function list(values: string[]): string[] {
  return values.flatMap((value) => value.split(',')).filter((part) => part !== '');
}

function urls(values: string[]): string[] {
  return list(values).map((value) => {
    // A socket of this machine: `unix:/run/etcd/client`.
    if (value.startsWith('unix:')) return value;
    const url = URL.parse(value.includes('://') ? value : `http://${value}`);
    if (!url) throw new Error(`"${value}" is not a URL`);
    return url.origin;
  });
}

function roles(values: string[]): ReadonlySet<Role> {
  const named = list(values);
  for (const role of named) {
    if (!ROLES.includes(role as Role)) throw new Error(`"${role}" is not one of ${ROLES.join(', ')}`);
  }
  return new Set(named as Role[]);
}

function portRange([value = '']: string[]): { first: number; last: number } {
  const [first, last] = value.split('-').map((part) => port([part]));
  if (first === undefined || last === undefined || first > last)
    throw new Error(`"${value}" is not a range like 30000-32767`);
  return { first, last };
}

function mirrors(values: string[]): RegistryMirror[] {
  const byHost = new Map<string, string[]>();
  for (const value of values) {
    const [, host, endpoint] = /^([^=]+)=(https?:\/\/.+)$/.exec(value) ?? [];
    if (!host || !endpoint) throw new Error(`"${value}" is not of the form host=http://address:port`);
    byHost.set(host, [...(byHost.get(host) ?? []), endpoint]);
  }
  return [...byHost].map(([host, endpoints]) => ({ host, endpoints }));
}

const flags = {
  'data-dir': {
    doc: 'folder for keys and certificates',
    default: '/var/lib/gantry/control-plane',
    parse: ([v = '']) => resolve(v),
  },
  'etcd-endpoints': {
    doc: 'URLs of the etcd members, or "memory"',
    default: 'http://127.0.0.1:2379',
    repeatable: true,
    parse: (v) => (v.join() === 'memory' ? [] : urls(v)),
  },
  'bind-address': { doc: 'address the API listens on', default: '0.0.0.0', parse: address },
  port: { doc: 'port the API listens on', default: '6443', parse: port },
  'advertise-address': { doc: 'address clients in the cluster reach the API at', default: '127.0.0.1', parse: address },
  'server-name': { doc: 'further DNS name or address for the server certificate', repeatable: true, parse: list },
  'node-gateway-address': { doc: 'address agents dial', default: '0.0.0.0', parse: address },
  'node-gateway-port': { doc: 'port agents dial', default: '6444', parse: port },
  'service-cluster-ip-range': { doc: 'addresses of services', default: '10.96.0.0/16', parse: range },
  'service-node-port-range': { doc: 'ports of NodePort services', default: '30000-32767', parse: portRange },
  'pod-cidr': { doc: 'addresses of pods', default: '10.244.0.0/16', parse: (v) => range(v).toString() },
  'cluster-domain': { doc: 'DNS domain of the cluster', default: 'cluster.local', parse: text },
  'dns-address': { doc: 'service address of the cluster DNS', default: '10.96.0.10', parse: address },
  'registry-mirror': {
    doc: 'host=URL: look for images of that registry there first',
    repeatable: true,
    parse: mirrors,
  },
  roles: { doc: `parts to run: ${ROLES.join(',')}`, default: ROLES.join(','), repeatable: true, parse: roles },
  kubeconfig: {
    doc: 'where to write the administrator kubeconfig (default: admin.kubeconfig in the data folder)',
    parse: text,
  },
  'join-token-file': { doc: 'file with what a new node must show to join', parse: file },
  'token-auth-file': { doc: 'CSV of static bearer tokens: token,user,uid,"groups"', parse: text },
} satisfies Record<string, Flag<unknown>>;

type Values = { [F in keyof typeof flags]: ReturnType<(typeof flags)[F]['parse']> };

/** Settings from command line arguments. Throws {@link SettingsError}. */
export function parseSettings(argv: string[]): Settings {
  const values = readFlags(argv);
  const dataDir = values['data-dir'];
  const settings: Settings = {
    dataDir,
    etcdEndpoints: values['etcd-endpoints'],
    bindAddress: values['bind-address'],
    port: values.port,
    advertiseAddress: values['advertise-address'],
    serverNames: values['server-name'],
    nodeGatewayAddress: values['node-gateway-address'],
    nodeGatewayPort: values['node-gateway-port'],
    serviceRange: values['service-cluster-ip-range'],
    nodePorts: values['service-node-port-range'],
    podCidr: values['pod-cidr'],
    clusterDomain: values['cluster-domain'],
    dnsAddress: values['dns-address'],
    registryMirrors: values['registry-mirror'],
    roles: values.roles,
    kubeconfig: resolve(values.kubeconfig || join(dataDir, 'admin.kubeconfig')),
    joinToken: values['join-token-file'] || undefined,
    tokenFile: values['token-auth-file'] || undefined,
  };
  if (settings.serviceRange.indexOf(settings.dnsAddress) === undefined) {
    throw new SettingsError(
      `--dns-address ${settings.dnsAddress} lies outside --service-cluster-ip-range ${settings.serviceRange.toString()}`,
    );
  }
  return settings;
}

/** One line per flag, for `--help`. */
export function settingsUsage(): string {
  const entries = Object.entries<Flag<unknown>>(flags);
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries
    .map(([name, flag]) => `  --${name.padEnd(width)}  ${flag.doc}${flag.default ? ` (${flag.default})` : ''}`)
    .join('\n');
}

function readFlags(argv: string[]): Values {
  const options = Object.fromEntries(
    Object.keys(flags).map((name) => [name, { type: 'string' as const, multiple: true as const }]),
  );
  let given: Record<string, string[] | undefined>;
  try {
    given = parseArgs({ args: argv, options, strict: true }).values;
  } catch (error) {
    throw new SettingsError((error as Error).message, { cause: error });
  }
  const parsed = Object.entries<Flag<unknown>>(flags).map(([name, flag]) => [name, readFlag(name, flag, given[name])]);
  return Object.fromEntries(parsed) as Values;
}

function readFlag<T>(name: string, flag: Flag<T>, given: string[] | undefined): T {
  const values = given ?? (flag.default === undefined ? [] : [flag.default]);
  if (values.length > 1 && !flag.repeatable) throw new SettingsError(`--${name} is given more than once`);
  try {
    return flag.parse(values);
  } catch (error) {
    throw new SettingsError(`--${name}: ${(error as Error).message}`, { cause: error });
  }
}
