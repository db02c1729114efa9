import type { Pod } from '@gantry/api';
import { hostsFile } from './hosts-file';
import { podHostname } from './hostname';
import { resolvConf } from './resolv-conf';

const NODE_FILE = 'search corp.example\nnameserver 192.0.2.1 # ours\noptions edns0\n';
const dns = { address: '10.96.0.10', domain: 'cluster.local' };

const lines = (spec: object): string[] => {
  const pod = { metadata: { name: 'p', namespace: 'shop' }, spec } as unknown as Pod;
  return resolvConf(pod, dns, NODE_FILE).trim().split('\n');
};

const OWN = 'search shop.svc.cluster.local svc.cluster.local cluster.local corp.example';
const NODES = ['search corp.example', 'nameserver 192.0.2.1', 'options edns0'];

describe('resolvConf', () => {
  it.each([
    [{}, [OWN, 'nameserver 10.96.0.10', 'options ndots:5']],
    [{ hostNetwork: true }, NODES],
    [{ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }, [OWN, 'nameserver 10.96.0.10', 'options ndots:5']],
    [{ dnsPolicy: 'Default' }, NODES],
    [
      { dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'], searches: ['a.b'], options: [{ name: 'use-vc' }] } },
      ['search a.b', 'nameserver 1.1.1.1', 'options use-vc'],
    ],
    [{ dnsConfig: { options: [{ name: 'ndots', value: '2' }] } }, [OWN, 'nameserver 10.96.0.10', 'options ndots:2']],
  ])('%j', (spec, expected) => {
    expect(lines(spec)).toEqual(expected);
  });
});

describe('podHostname', () => {
  const of = (spec: object, name = 'p'): object =>
    podHostname({ metadata: { name, namespace: 'shop' }, spec } as unknown as Pod, 'cluster.local');

  it.each([
    [{}, { hostname: 'p' }],
    [
      { hostname: 'h', subdomain: 'sub' },
      { hostname: 'h', fqdn: 'h.sub.shop.svc.cluster.local' },
    ],
  ])('%j', (spec, expected) => {
    expect(of(spec)).toEqual(expected);
  });

  it('cuts long names so that they stay valid', () => {
    expect(of({}, `${'a'.repeat(62)}-b`)).toEqual({ hostname: 'a'.repeat(62) });
  });
});

describe('hostsFile', () => {
  it('names the pod and its aliases', () => {
    const text = hostsFile(
      { hostname: 'h', fqdn: 'h.s.ns.svc.x' },
      ['10.1.0.5'],
      [{ ip: '1.2.3.4', hostnames: ['a', 'b'] }],
    );
    expect(text).toContain('10.1.0.5\th.s.ns.svc.x\th\n');
    expect(text).toContain('1.2.3.4\ta\tb\n');
  });
});
