import type { Backends, ServiceRoutes } from './service-routes';

/**
 * The nftables side of services. All logic is a handful of rules that never change; a service is only elements of maps:
 * one that sends its address to the chain for its number of targets, and one per target. So a change costs the elements
 * that differ, however many services there are.
 */
export const TABLE = 'gantry';

/** Elements by map (or set) name; a set's elements have an empty value. */
export type Elements = Record<ElementMap, Map<string, string>>;
const MAPS = [
  'services',
  'node_ports',
  'endpoints_tcp',
  'endpoints_udp',
  'node_endpoints_tcp',
  'node_endpoints_udp',
  'hairpin',
] as const;
type ElementMap = (typeof MAPS)[number];

/** Ports of this node that lead straight to a pod on it, by `protocol . port`; values as {@link Backends.targets}. */
export type HostPorts = ReadonlyMap<string, string>;

/** Translates routes to elements. `localPods` are the addresses of this node's pods. */
export function toElements(routes: ServiceRoutes, hostPorts: HostPorts, localPods: Iterable<string>): Elements {
  const elements = emptyElements();
  for (const [key, backends] of routes.addresses) {
    const protocol = protocolOf(key.split(' . ')[1]);
    elements.services.set(key, `goto ${chainName('address', protocol, backends)}`);
    backends.targets.forEach((target, i) => elements[`endpoints_${protocol}`].set(`${key} . ${i}`, target));
  }
  const hostPortRoutes = [...hostPorts].map(([key, target]): [string, Backends] => [
    key,
    { targets: [target], sticky: false, masquerade: false },
  ]);
  for (const [key, backends] of [...routes.nodePorts, ...hostPortRoutes]) {
    const protocol = protocolOf(key.split(' . ')[0]);
    elements.node_ports.set(key, `goto ${chainName('node', protocol, backends)}`);
    backends.targets.forEach((target, i) => elements[`node_endpoints_${protocol}`].set(`${key} . ${i}`, target));
  }
  for (const pod of localPods) elements.hairpin.set(`${pod} . ${pod}`, '');
  return elements;
}

export function emptyElements(): Elements {
  return Object.fromEntries(MAPS.map((map) => [map, new Map<string, string>()])) as Elements;
}

type Protocol = 'tcp' | 'udp';
const protocolOf = (text: string | undefined): Protocol => (text === 'udp' ? 'udp' : 'tcp');

/** The nft commands that turn one state into the other; all of one run of nft, so they take effect together. */
export function difference(from: Elements, to: Elements): string[] {
  const chains = missingChains(from, to).map((chain) => chainText(chain));
  const removed: string[] = [];
  const added: string[] = [];
  for (const map of MAPS) {
    const gone = [...from[map]].filter(([key, value]) => to[map].get(key) !== value).map(([key]) => key);
    const come = [...to[map]].filter(([key, value]) => from[map].get(key) !== value);
    if (gone.length > 0) removed.push(`delete element ip ${TABLE} ${map} { ${gone.join(', ')} }`);
    if (come.length > 0) {
      const text = come.map(([key, value]) => (value === '' ? key : `${key} : ${value}`));
      added.push(`add element ip ${TABLE} ${map} { ${text.join(', ')} }`);
    }
  }
  return [...chains, ...removed, ...added];
}

// Chains are named by what they do: `address_tcp_pick_3`, `node_udp_stick_2_snat`. They are few and stay once made.
function chainName(kind: 'address' | 'node', protocol: Protocol, backends: Backends): string {
  const choose = backends.sticky ? 'stick' : 'pick';
  return `${kind}_${protocol}_${choose}_${backends.targets.length}${backends.masquerade ? '_snat' : ''}`;
}

function missingChains(from: Elements, to: Elements): string[] {
  const used = (elements: Elements): Set<string> =>
    new Set([...elements.services.values(), ...elements.node_ports.values()].map((verdict) => verdict.slice(5)));
  const known = used(from);
  return [...used(to)].filter((chain) => !known.has(chain));
}

function chainText(name: string): string {
  const [kind, protocol, choose, count, snat] = name.split('_');
  const index = `${choose === 'stick' ? 'jhash ip saddr' : 'numgen random'} mod ${count}`;
  const where =
    kind === 'node'
      ? `meta l4proto . th dport . ${index} map @node_endpoints_${protocol}`
      : `ip daddr . meta l4proto . th dport . ${index} map @endpoints_${protocol}`;
  return [
    `add chain ip ${TABLE} ${name}`,
    `flush chain ip ${TABLE} ${name}`,
    ...(snat ? [`add rule ip ${TABLE} ${name} meta mark set meta mark or ${MASQUERADE_MARK}`] : []),
    `add rule ip ${TABLE} ${name} meta l4proto ${protocol} dnat ip to ${where}`,
  ].join('\n');
}

const MASQUERADE_MARK = '0x4000';

/** The whole table without elements, replacing whatever an earlier agent left, in one transaction with what follows it. */
export function tableText(podRange: string, serviceRange: string): string {
  return `table ip ${TABLE}
delete table ip ${TABLE}
table ip ${TABLE} {
  map services { type ipv4_addr . inet_proto . inet_service : verdict; }
  map node_ports { type inet_proto . inet_service : verdict; }
${(['tcp', 'udp'] as const).map(endpointMaps).join('\n')}
  set hairpin { type ipv4_addr . ipv4_addr; }
  chain dispatch {
    ip daddr . meta l4proto . th dport vmap @services
    fib daddr type local meta l4proto . th dport vmap @node_ports
  }
  chain prerouting {
    type nat hook prerouting priority -100; policy accept;
    jump dispatch
  }
  chain output {
    type nat hook output priority -100; policy accept;
    jump dispatch
  }
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    meta mark and ${MASQUERADE_MARK} == ${MASQUERADE_MARK} masquerade fully-random
    ip saddr . ip daddr @hairpin masquerade fully-random
    ip saddr ${podRange} ip daddr != ${podRange} masquerade fully-random
  }
  chain unserved {
    ip daddr ${serviceRange} meta l4proto tcp reject with tcp reset
    ip daddr ${serviceRange} reject
  }
  chain forward {
    type filter hook forward priority 0; policy accept;
    jump unserved
  }
  chain local_output {
    type filter hook output priority 0; policy accept;
    oifname != "lo" jump unserved
  }
}`;
}

// A map for each protocol: nft 1.0.6 cannot add rules that use a map whose targets are ports of any protocol.
function endpointMaps(protocol: Protocol): string {
  const index = 'numgen random mod 65536';
  return `  map endpoints_${protocol} { typeof ip daddr . meta l4proto . th dport . ${index} : ip daddr . ${protocol} dport; }
  map node_endpoints_${protocol} { typeof meta l4proto . th dport . ${index} : ip daddr . ${protocol} dport; }`;
}
