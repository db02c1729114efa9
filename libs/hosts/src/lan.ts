import { command, ip } from './command';

/** The network that joins the hosts of one machine: a bridge with the machine itself as its first address. */
export interface Lan {
  bridge: string;
  /** The machine's address on the bridge. */
  address: string;
  prefixLength: number;
  /** Ranges that live behind the bridge: packets to them must never leave by the machine's default route. */
  ranges: string[];
}

// Behind every real route, so it answers only when the real one is missing.
const LAST_RESORT_METRIC = 4096;

/** Makes the bridge and the guard routes; harmless when they are there. */
export async function ensureLan(lan: Lan): Promise<void> {
  for (const range of lan.ranges) {
    await command('ip', ['route', 'replace', 'unreachable', range, 'metric', String(LAST_RESORT_METRIC)]);
  }
  if (!(await linkExists(lan.bridge))) {
    await ip([
      `link add ${lan.bridge} type bridge`,
      `address add ${lan.address}/${lan.prefixLength} dev ${lan.bridge}`,
      `link set ${lan.bridge} up`,
    ]);
  }
}

export async function removeLan(lan: Lan): Promise<void> {
  if (await linkExists(lan.bridge)) await command('ip', ['link', 'delete', lan.bridge]);
  const routes = await command('ip', ['-json', 'route', 'show', 'type', 'unreachable']);
  const present = new Set((JSON.parse(routes || '[]') as { dst: string }[]).map((route) => route.dst));
  for (const range of lan.ranges) {
    if (present.has(range)) {
      await command('ip', ['route', 'delete', 'unreachable', range, 'metric', String(LAST_RESORT_METRIC)]);
    }
  }
}

export async function linkExists(name: string): Promise<boolean> {
  const links = JSON.parse(await command('ip', ['-json', 'link', 'show'])) as { ifname: string }[];
  return links.some((link) => link.ifname === name);
}
