import { kindOf } from '../../kind';
import type { Draft } from '../../meta';
import { created, updated } from '../written.fixture';
import { EndpointSlice } from './endpoint-slice';
import { Endpoints } from './endpoints';
import { Service } from './service';
import type { ServiceSpec } from './service';

const metadata = { name: 's', namespace: 'ns' };
const ports = [{ port: 80 }];
const serviceOf = (spec: Draft<ServiceSpec> = {}) => created(Service, { metadata, spec: { ports, ...spec } });

describe('defaults of a service', () => {
  it('are those of Kubernetes', () => {
    const { object, problems } = serviceOf();
    expect(problems).toEqual([]);
    expect(object.spec).toEqual({
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    });
    expect(object.status).toEqual({ loadBalancer: {} });
  });

  it.each<[Draft<ServiceSpec>, object]>([
    [{ sessionAffinity: 'ClientIP' }, { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } }],
    [{ type: 'NodePort' }, { externalTrafficPolicy: 'Cluster' }],
    [{ type: 'LoadBalancer' }, { allocateLoadBalancerNodePorts: true, externalTrafficPolicy: 'Cluster' }],
    [{ clusterIP: 'None' }, { clusterIPs: ['None'] }],
    [{ clusterIPs: ['10.96.0.9'] }, { clusterIP: '10.96.0.9' }],
  ])('for %j: %j', (spec, expected) => {
    expect(serviceOf(spec).object.spec).toMatchObject(expected);
  });
});

describe('a service is refused', () => {
  it.each<[string, Draft<ServiceSpec>]>([
    ['spec.ports: Required value', { ports: [] }],
    ['spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive', { ports: [{ port: 0 }] }],
    ['spec.ports[1].name: Required value', { ports: [{ port: 80, name: 'a' }, { port: 81 }] }],
    [
      'spec.ports[1].name: Duplicate value: "a"',
      {
        ports: [
          { port: 80, name: 'a' },
          { port: 81, name: 'a' },
        ],
      },
    ],
    [
      'spec.ports[1]: Duplicate value: {"protocol":"TCP","port":80}',
      {
        ports: [
          { port: 80, name: 'a' },
          { port: 80, name: 'b' },
        ],
      },
    ],
    [
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
      { ports: [{ port: 80, nodePort: 30000 }] },
    ],
    ['spec.clusterIPs[0]: Invalid value: "1.2": must be a valid IP address', { clusterIP: '1.2' }],
    [
      'spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services',
      { type: 'NodePort', clusterIP: 'None' },
    ],
    ['spec.externalName: Required value', { type: 'ExternalName' }],
    [
      'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible',
      { externalTrafficPolicy: 'Local' },
    ],
    ['spec.selector: Invalid value: "a b"', { selector: { app: 'a b' } }],
  ])('%s', (message, spec) => {
    expect(serviceOf(spec).problems).toEqual([expect.stringContaining(message)]);
  });
});

describe('an update of a service', () => {
  const { object: old } = serviceOf({
    type: 'NodePort',
    clusterIP: '10.96.0.9',
    ports: [{ port: 80, nodePort: 30_000 }],
  });

  it('keeps address and node ports that the client does not repeat', () => {
    const { object, problems } = updated(Service, old, ({ spec }) => {
      delete spec.clusterIP;
      delete spec.clusterIPs;
      delete spec.ports![0]!.nodePort;
    });
    expect(problems).toEqual([]);
    expect(object.spec).toEqual(old.spec);
  });

  it('can not change the address', () => {
    const { problems } = updated(Service, old, ({ spec }) => {
      spec.clusterIP = '10.96.0.10';
      spec.clusterIPs = ['10.96.0.10'];
    });
    expect(problems).toEqual(['spec.clusterIPs[0]: Invalid value: ["10.96.0.10"]: may not change once set']);
  });

  it('to ClusterIP drops what only concerned the outside', () => {
    const { object, problems } = updated(Service, old, ({ spec }) => {
      spec.type = 'ClusterIP';
    });
    expect(problems).toEqual([]);
    expect(object.spec).not.toHaveProperty('externalTrafficPolicy');
    expect(object.spec.ports![0]).not.toHaveProperty('nodePort');
  });
});

describe('rows', () => {
  it.each<[Draft<ServiceSpec>, unknown[]]>([
    [{ clusterIP: '10.96.0.9' }, ['s', 'ClusterIP', '10.96.0.9', '<none>', '80/TCP']],
    [
      { type: 'NodePort', ports: [{ port: 80, nodePort: 30_000 }] },
      ['s', 'NodePort', '<none>', '<none>', '80:30000/TCP'],
    ],
    [{ type: 'LoadBalancer' }, ['s', 'LoadBalancer', '<none>', '<pending>', '80/TCP']],
    [{ type: 'ExternalName', externalName: 'x.org', ports: [] }, ['s', 'ExternalName', '<none>', 'x.org', '<none>']],
  ])('of a service %j', (spec, row) => {
    const { object } = serviceOf(spec);
    expect(
      kindOf(Service)
        .columns.slice(0, 5)
        .map(({ value }) => value(object, 0)),
    ).toEqual(row);
  });

  it('of endpoints show a few addresses', () => {
    const addresses = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((ip) => ({ ip }));
    const { object } = created(Endpoints, { metadata, subsets: [{ addresses, ports: [{ port: 80 }] }] });
    expect(kindOf(Endpoints).columns[1]!.value(object, 0)).toBe('10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 1 more...');
  });

  it('of a slice show ports and addresses', () => {
    const { object, problems } = created(EndpointSlice, {
      metadata,
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.0.0.1'] }],
      ports: [{ port: 80 }],
    });
    expect(problems).toEqual([]);
    expect(
      kindOf(EndpointSlice)
        .columns.slice(1, 4)
        .map(({ value }) => value(object, 0)),
    ).toEqual(['IPv4', '80', '10.0.0.1']);
  });
});

it.each([
  ['endpoints[0].addresses[0]: Invalid value: "x": must be a valid IPv4 address', 'x'],
  ['may not be in the loopback range', '127.0.0.1'],
])('a slice is refused: %s', (message, address) => {
  const { problems } = created(EndpointSlice, { metadata, addressType: 'IPv4', endpoints: [{ addresses: [address] }] });
  expect(problems).toEqual([expect.stringContaining(message)]);
});
