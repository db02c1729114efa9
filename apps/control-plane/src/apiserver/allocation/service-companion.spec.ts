import { Service, type ServiceSpec } from '@gantry/api';
import { World } from '../../testing/world';

describe('addresses and ports of services', () => {
  let world: World;
  // Room for 32 addresses, 16 of them given out, and 10 ports.
  beforeEach(
    async () =>
      void (world = await World.start({ addresses: '10.96.0.0/27', nodePorts: { first: 30000, last: 30009 } })),
  );
  afterEach(() => world.close());

  const key = (name: string) => ({ namespace: 'default', name });
  const services = () => world.client.resource(Service);
  const create = (name: string, spec: Partial<ServiceSpec> = {}) =>
    services().create({ metadata: key(name), spec: { ports: [{ port: 80 }], ...spec } });
  const patch = (name: string, spec: object) =>
    world.transport().request({
      verb: 'patch',
      group: '',
      version: 'v1',
      resource: 'services',
      ...key(name),
      patchType: 'merge',
      body: { spec },
    }) as Promise<Service>;
  const remove = (name: string) =>
    world.transport().request({ verb: 'delete', group: '', version: 'v1', resource: 'services', ...key(name) });

  it('every service has its own, however many are made at once, until there are none left', async () => {
    const names = Array.from({ length: 15 }, (_, i) => `s${i}`);
    const made = await Promise.all(names.map((name) => create(name)));
    expect(new Set(made.map(({ spec }) => spec.clusterIP)).size).toBe(15);
    await expect(create('more')).rejects.toMatchObject({ message: expect.stringContaining('is full') });
    await remove('s3');
    expect((await create('more')).spec.clusterIP).toBe(made[3]!.spec.clusterIP);
  });

  it('fills in the whole family', async () => {
    const { spec } = await create('s');
    expect(spec).toMatchObject({ clusterIPs: [spec.clusterIP], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
  });

  it.each<[string, Partial<ServiceSpec>, string]>([
    ['an address that is taken', { clusterIP: '10.96.0.1' }, 'provided IP is already allocated'],
    [
      'an address out of range',
      { clusterIP: '10.9.0.1' },
      'is not in the valid range. The range of valid IPs is 10.96.0.0/27',
    ],
    [
      'a port that is taken',
      { type: 'NodePort', ports: [{ port: 80, protocol: 'TCP', nodePort: 30001 }] },
      'provided port is already allocated',
    ],
    [
      'a port out of range',
      { type: 'NodePort', ports: [{ port: 80, protocol: 'TCP', nodePort: 80 }] },
      'The range of valid ports is 30000-30009',
    ],
  ])('refuses %s, and takes nothing', async (_, spec, message) => {
    await create('one', {
      clusterIP: '10.96.0.1',
      type: 'NodePort',
      ports: [{ port: 80, protocol: 'TCP', nodePort: 30001 }],
    });
    await expect(create('two', spec)).rejects.toMatchObject({
      reason: 'Invalid',
      message: expect.stringContaining(message),
    });
    await expect(services().get(key('two'))).rejects.toMatchObject({ reason: 'NotFound' });
  });

  it('gives and takes node ports as the type changes', async () => {
    await create('s');
    const exposed = await patch('s', { type: 'NodePort' });
    const port = exposed.spec.ports![0]!.nodePort!;
    expect(port).toBeGreaterThanOrEqual(30000);
    await patch('s', { type: 'ClusterIP', ports: [{ port: 80, nodePort: null }] });
    const other = await create('t', { type: 'NodePort', ports: [{ port: 80, protocol: 'TCP', nodePort: port }] });
    expect(other.spec.ports![0]!.nodePort).toBe(port);
  });

  it('headless services and names for the outside hold no address', async () => {
    expect((await create('h', { clusterIP: 'None' })).spec.clusterIP).toBe('None');
    const external = await create('e', { type: 'ExternalName', externalName: 'example.com', ports: undefined });
    expect(external.spec.clusterIP).toBeUndefined();
  });
});
