import fc from 'fast-check';
import { Ipv4Range } from './ipv4-range';
import { parseSettings, settingsUsage } from './settings';

describe('settings', () => {
  it('has a default for everything a cluster needs', () => {
    const settings = parseSettings(['--data-dir', '/tmp/x']);
    expect(settings).toMatchObject({
      etcdEndpoints: ['http://127.0.0.1:2379'],
      port: 6443,
      podCidr: '10.244.0.0/16',
      dnsAddress: '10.96.0.10',
      kubeconfig: '/tmp/x/admin.kubeconfig',
      nodePorts: { first: 30000, last: 32767 },
    });
    expect([...settings.roles]).toEqual(['api', 'scheduler', 'reconcilers']);
    expect(settings.joinToken).toBeUndefined();
  });

  it('gathers repeated flags', () => {
    const mirror = (url: string): string => `--registry-mirror=docker.io=${url}`;
    const settings = parseSettings([
      mirror('http://10.77.0.1:5000'),
      mirror('http://10.77.0.2:5000'),
      '--roles',
      'api,scheduler',
    ]);
    expect(settings.registryMirrors).toEqual([
      { host: 'docker.io', endpoints: ['http://10.77.0.1:5000', 'http://10.77.0.2:5000'] },
    ]);
    expect(settings.roles.has('reconcilers')).toBe(false);
  });

  it.each([
    [['--port', '70000'], '--port: "70000" is not a port number'],
    [['--port', '1', '--port', '2'], '--port is given more than once'],
    [['--bind-address', 'here'], '--bind-address: "here" is not an IP address'],
    [['--roles', 'api,cook'], '--roles: "cook" is not one of api, scheduler, reconcilers'],
    [['--pod-cidr', '10.244.1.0/16'], '--pod-cidr: "10.244.1.0/16" has bits set beyond its /16'],
    [['--registry-mirror', 'docker.io'], '--registry-mirror: "docker.io" is not of the form host=http://address:port'],
    [['--dns-address', '10.1.0.1'], '--dns-address 10.1.0.1 lies outside --service-cluster-ip-range 10.96.0.0/16'],
    [['--service-node-port-range', '5-1'], '--service-node-port-range: "5-1" is not a range like 30000-32767'],
    [['--what'], "Unknown option '--what'"],
  ])('refuses %j', (argv, message) => {
    expect(() => parseSettings(argv)).toThrow(message);
  });

  it('explains every flag', () => {
    expect(settingsUsage()).toContain('--join-token-file');
  });
});

describe('Ipv4Range', () => {
  it('numbers its addresses', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 30 }), fc.nat(), (length, n) => {
        const range = Ipv4Range.parse(`10.0.0.0/${length}`);
        const index = n % range.size;
        expect(range.indexOf(range.at(index))).toBe(index);
        expect(range.indexOf(range.at(range.size))).toBeUndefined();
      }),
    );
  });
});
