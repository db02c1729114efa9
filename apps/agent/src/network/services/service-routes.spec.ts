import type { EndpointSlice, Service } from '@gantry/api';
import { serviceRoutes } from './service-routes';

function service(spec: Partial<Service['spec']> = {}, name = 'front'): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: { type: 'ClusterIP', clusterIP: '10.96.0.5', ports: [{ name: 'http', port: 80, protocol: 'TCP' }], ...spec },
  } as Service;
}

function slice(
  endpoints: { ip: string; node?: string; ready?: boolean; serving?: boolean; terminating?: boolean }[],
  name = 'front',
): EndpointSlice {
  return {
    addressType: 'IPv4',
    metadata: { name: `${name}-1`, namespace: 'shop', labels: { 'kubernetes.io/service-name': name } },
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: endpoints.map(({ ip, node, ...conditions }) => ({ addresses: [ip], nodeName: node, conditions })),
  } as unknown as EndpointSlice;
}

const key = '10.96.0.5 . tcp . 80';

describe('serviceRoutes', () => {
  it('sends a service address to its ready endpoints, in an order of its own', () => {
    const slices = [slice([{ ip: '10.244.2.2' }, { ip: '10.244.1.2' }, { ip: '10.244.1.9', ready: false }])];
    expect(serviceRoutes([service()], slices, 'a').addresses.get(key)?.targets).toEqual([
      '10.244.1.2 . 8080',
      '10.244.2.2 . 8080',
    ]);
  });

  it('falls back to endpoints that still serve while they end', () => {
    const ending = { ready: false, serving: true, terminating: true };
    const slices = [
      slice([
        { ip: '10.244.1.2', ...ending },
        { ip: '10.244.1.3', ready: false },
      ]),
    ];
    expect(serviceRoutes([service()], slices, 'a').addresses.get(key)?.targets).toEqual(['10.244.1.2 . 8080']);
  });

  it.each([
    ['no endpoints', service(), []],
    ['headless', service({ clusterIP: 'None' }), [slice([{ ip: '10.244.1.2' }])]],
    ['external name', service({ type: 'ExternalName', clusterIP: '' }), [slice([{ ip: '10.244.1.2' }])]],
    ["another service's slice", service(), [slice([{ ip: '10.244.1.2' }], 'back')]],
  ])('keeps no route for %s', (_, given, slices) => {
    const routes = serviceRoutes([given], slices, 'a');
    expect([routes.addresses.size, routes.nodePorts.size]).toEqual([0, 0]);
  });

  it('opens a node port on every node, hiding the client unless the policy is Local', () => {
    const slices = [
      slice([
        { ip: '10.244.1.2', node: 'a' },
        { ip: '10.244.2.2', node: 'b' },
      ]),
    ];
    const ports = [{ name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' }] as Service['spec']['ports'];
    const open = serviceRoutes([service({ type: 'NodePort', ports })], slices, 'a').nodePorts.get('tcp . 30080');
    expect(open).toEqual({ targets: ['10.244.1.2 . 8080', '10.244.2.2 . 8080'], sticky: false, masquerade: true });
    const local = service({ type: 'NodePort', ports, externalTrafficPolicy: 'Local' });
    const onA = serviceRoutes([local], slices, 'a').nodePorts.get('tcp . 30080');
    expect(onA).toEqual({ targets: ['10.244.1.2 . 8080'], sticky: false, masquerade: false });
    expect(serviceRoutes([local], slices, 'c').nodePorts.size).toBe(0);
  });

  it('keeps to local endpoints inside the cluster when asked', () => {
    const slices = [
      slice([
        { ip: '10.244.1.2', node: 'a' },
        { ip: '10.244.2.2', node: 'b' },
      ]),
    ];
    const routes = serviceRoutes([service({ internalTrafficPolicy: 'Local' })], slices, 'b');
    expect(routes.addresses.get(key)?.targets).toEqual(['10.244.2.2 . 8080']);
  });
});
