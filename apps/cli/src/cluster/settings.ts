import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { errorCode, writeFileDurably } from '@gantry/base';

/** What the user asked the cluster of this machine to be: kept in `cluster.json`, read by everything else. */
export interface ClusterSettings {
  nodes: number;
  apiPort: number;
  gatewayPort: number;
  registryPort: number;
  /** Hosts are 11, 12, … in this range; the machine itself is 1. */
  hostRange: string;
  podRange: string;
  serviceRange: string;
  dnsAddress: string;
  clusterDomain: string;
  /** Lets agents join; made once. */
  joinToken: string;
}

/** The checkout's own `.gantry`, or the system's place when installed elsewhere. */
export function defaultDirectory(): string {
  return process.env['GANTRY_DIRECTORY'] ?? resolve(__dirname, '../../../.gantry');
}

function defaults(): ClusterSettings {
  return {
    nodes: 3,
    apiPort: 6443,
    gatewayPort: 7443,
    registryPort: 5000,
    hostRange: '10.77.0.0/16',
    podRange: '10.244.0.0/16',
    serviceRange: '10.96.0.0/16',
    dnsAddress: '10.96.0.10',
    clusterDomain: 'cluster.local',
    joinToken: randomBytes(24).toString('base64url'),
  };
}

const file = (directory: string): string => join(directory, 'cluster.json');

/** The settings of the cluster there; undefined when none was ever started. */
export async function readSettings(directory: string): Promise<ClusterSettings | undefined> {
  try {
    return JSON.parse(await readFile(file(directory), 'utf8')) as ClusterSettings;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Merges what was asked into what is there, writes it, and returns it. */
export async function changeSettings(directory: string, asked: Partial<ClusterSettings>): Promise<ClusterSettings> {
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const settings: ClusterSettings = { ...defaults(), ...(await readSettings(directory)), ...given };
  await writeFileDurably(file(directory), JSON.stringify(settings, null, 2) + '\n');
  return settings;
}
