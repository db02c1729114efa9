import fc from 'fast-check';
import { run } from '../ip-command';
import { difference, emptyElements, tableText, toElements, type Elements } from './packet-filter';
import type { Backends, ServiceRoutes } from './service-routes';

const backends = fc.record<Backends>({
  targets: fc
    .uniqueArray(fc.integer({ min: 2, max: 250 }), { minLength: 1, maxLength: 5 })
    .map((last) => last.map((n) => `10.244.1.${n} . 8080`)),
  sticky: fc.boolean(),
  masquerade: fc.boolean(),
});
const routes = fc.record<ServiceRoutes>({
  addresses: fc
    .array(fc.tuple(fc.integer({ min: 1, max: 9 }), backends), { maxLength: 6 })
    .map((list) => new Map(list.map(([n, b]) => [`10.96.0.${n} . tcp . 80`, b]))),
  nodePorts: fc
    .array(fc.tuple(fc.integer({ min: 30000, max: 30009 }), backends), { maxLength: 4 })
    .map((list) => new Map(list.map(([n, b]) => [`udp . ${n}`, b]))),
});
const elements = routes.map((all) => toElements(all, new Map(), ['10.244.1.2']));

function apply(state: Elements, commands: string[]): Elements {
  const next = structuredClone(state);
  for (const command of commands) {
    const parsed = /^(add|delete) element ip gantry (\w+) \{ (.*) \}$/.exec(command);
    if (!parsed) continue;
    const map = next[parsed[2] as keyof Elements];
    for (const item of parsed[3]!.split(', ')) {
      const [key, value = ''] = item.split(' : ');
      if (parsed[1] === 'add') map.set(key!, value);
      else map.delete(key!);
    }
  }
  return next;
}

describe('the packet filter', () => {
  it('gets from any state to any other by its difference, and then has nothing more to do', () => {
    fc.assert(
      fc.property(elements, elements, (from, to) => {
        expect(apply(from, difference(from, to))).toEqual(to);
        expect(difference(to, to)).toEqual([]);
      }),
    );
  });

  it('is understood by nft, from scratch and then by difference', async () => {
    const states = [emptyElements(), ...fc.sample(elements, { numRuns: 6, seed: 7 })];
    const runs = states.slice(1).map((state, i) => difference(states[i]!, state).join('\n'));
    const scripts = [tableText('10.244.0.0/16', '10.96.0.0/16'), ...runs];
    // One run of nft each, in one network namespace: a run must cope with what earlier ones left in the kernel.
    const shell = [...scripts.map((script) => `nft -f - <<'END'\n${script}\nEND`), 'nft -j list table ip gantry'];
    const listed = await run('unshare', ['--net', 'sh', '-e', '-s'], shell.join('\n'));
    const { nftables } = JSON.parse(listed) as { nftables: { map?: { name: string; elem?: unknown[] } }[] };
    const wanted = states.at(-1)!;
    for (const name of ['services', 'node_ports', 'endpoints_tcp', 'node_endpoints_udp'] as const) {
      const found = nftables.find(({ map }) => map?.name === name)?.map?.elem?.length ?? 0;
      expect([name, found]).toEqual([name, wanted[name].size]);
    }
  });
});
