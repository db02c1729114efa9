import type { Node } from '@gantry/api';
import { contains, peersOf, planRoutes } from './overlay.plan';

function node(name: string, address: string, podCIDR?: string): Node {
  return {
    metadata: { name },
    spec: { podCIDR },
    status: { addresses: [{ type: 'InternalIP', address }] },
  } as unknown as Node;
}

const nodes = [
  node('a', '10.77.0.11', '10.244.0.0/24'),
  node('b', '10.77.0.12', '10.244.1.0/24'),
  node('c', '10.88.0.13', '10.244.2.0/24'),
  node('new', '10.77.0.14'),
];

describe('the overlay', () => {
  it('knows every other node that has pods', () => {
    expect(peersOf(nodes, 'a').map(({ name }) => name)).toEqual(['b', 'c']);
  });

  it('routes to neighbours and tunnels to the rest', () => {
    const { routes } = planRoutes(peersOf(nodes, 'a'), 'auto', (address) => contains(['10.77.0.11/16'], address));
    expect(routes.get('10.244.1.0/24')).toEqual({ via: 'lan', gateway: '10.77.0.12' });
    expect(routes.get('10.244.2.0/24')).toEqual({
      via: 'vxlan',
      gateway: '10.244.2.0',
      mac: '0a:58:0a:58:00:0d',
      host: '10.88.0.13',
    });
  });

  it.each([
    ['10.77.0.0/16', '10.77.255.255', true],
    ['10.77.0.11/16', '10.78.0.0', false],
    ['10.244.3.0/24', '10.244.3.9', true],
    ['0.0.0.0/0', '192.0.2.1', true],
  ])('%s contains %s: %s', (range, address, expected) => {
    expect(contains([range], address)).toBe(expected);
  });
});
