import { ConfigMap, Event, Lease, Namespace, Node, Secret, ServiceAccount } from '.';
import { kindOf } from '../kind';
import { created, updated } from './written.fixture';

const metadata = { name: 'x', namespace: 'ns' };

describe('a secret', () => {
  it('takes texts into its data', () => {
    const { object } = created(Secret, { metadata, data: { a: 'YQ==' }, stringData: { b: 'b' } });
    expect(object).toMatchObject({ type: 'Opaque', data: { a: 'YQ==', b: 'Yg==' } });
    expect(object).not.toHaveProperty('stringData');
  });

  it.each<[string, object]>([
    ['data[a/b]: Invalid value: "a/b": a valid config key', { data: { 'a/b': 'YQ==' } }],
    ['data[tls.key]: Required value', { type: 'kubernetes.io/tls', data: { 'tls.crt': 'YQ==' } }],
    [
      'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>"',
      { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'YQ==' } },
    ],
    ['data: Too long: may not be more than 1048576 bytes', { stringData: { a: 'x'.repeat(1024 * 1024 + 1) } }],
  ])('is refused: %s', (message, more) => {
    expect(created(Secret, { metadata, ...more }).problems).toEqual([expect.stringContaining(message)]);
  });

  it('keeps its type', () => {
    const { object } = created(Secret, { metadata });
    expect(updated(Secret, object, (secret) => (secret.type = 'other')).problems).toEqual([
      'type: Invalid value: "other": field is immutable',
    ]);
  });
});

describe('a ConfigMap', () => {
  it('can be frozen for good', () => {
    const { object } = created(ConfigMap, { metadata, data: { a: '1' }, immutable: true });
    const words = 'Forbidden: field is immutable when `immutable` is set';
    expect(updated(ConfigMap, object, (map) => (map.data = { a: '2' })).problems).toEqual([`data: ${words}`]);
    expect(updated(ConfigMap, object, (map) => (map.immutable = false)).problems).toEqual([`immutable: ${words}`]);
    expect(updated(ConfigMap, object, (map) => (map.metadata.labels = { a: 'b' })).problems).toEqual([]);
  });

  it('has each key once', () => {
    expect(created(ConfigMap, { metadata, data: { a: '' }, binaryData: { a: '' } }).problems).toEqual([
      'data[a]: Invalid value: "a": duplicate of key present in binaryData',
    ]);
  });
});

describe('a namespace', () => {
  const { object } = created(Namespace, { metadata: { name: 'x' } });

  it('is active, carries its name as a label and is held by a finalizer', () => {
    expect(object).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'x' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  });

  it('keeps its finalizers on ordinary updates', () => {
    expect(updated(Namespace, object, (namespace) => (namespace.spec = {})).object.spec).toEqual(object.spec);
  });
});

describe('a node', () => {
  const taint = { key: 'k', effect: 'NoSchedule' as const };

  it('bears each taint once', () => {
    expect(created(Node, { metadata: { name: 'n' }, spec: { taints: [taint, taint] } }).problems).toEqual([
      'spec.taints[1]: Duplicate value: {"key":"k","effect":"NoSchedule"}',
    ]);
  });

  it('keeps the range of its pods', () => {
    const { object } = created(Node, { metadata: { name: 'n' }, spec: { podCIDR: '10.244.0.0/24' } });
    expect(object.spec.podCIDRs).toEqual(['10.244.0.0/24']);
    const { problems } = updated(Node, object, (node) => (node.spec = { podCIDRs: ['10.244.1.0/24'] }));
    expect(problems).toEqual(['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid']);
  });
});

it('an event lives with what it is about', () => {
  const event = (namespace: string) =>
    created(Event, { metadata, involvedObject: { kind: 'Pod', name: 'p', namespace } });
  expect(event('ns').problems).toEqual([]);
  expect(event('other').problems).toEqual([
    'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
  ]);
});

describe('rows', () => {
  const NOW = Date.parse('2026-01-01T01:00:00Z');
  const creationTimestamp = '2026-01-01T00:00:00Z';
  function row(schema: Parameters<typeof kindOf>[0], draft: object): Record<string, unknown> {
    const { object } = created(schema, draft);
    object.metadata.creationTimestamp = creationTimestamp;
    Object.assign(object, 'status' in draft ? { status: draft.status } : {});
    return Object.fromEntries(kindOf(schema).columns.map(({ name, value }) => [name, value(object, NOW)]));
  }

  it.each<[string, Parameters<typeof kindOf>[0], object, object]>([
    ['ConfigMap', ConfigMap, { metadata, data: { a: '' }, binaryData: { b: '' } }, { Name: 'x', Data: 2, Age: '60m' }],
    ['Secret', Secret, { metadata, stringData: { a: 'b' } }, { Name: 'x', Type: 'Opaque', Data: 1, Age: '60m' }],
    ['ServiceAccount', ServiceAccount, { metadata }, { Name: 'x', Secrets: 0, Age: '60m' }],
    ['Namespace', Namespace, { metadata: { name: 'x' } }, { Name: 'x', Status: 'Active', Age: '60m' }],
    ['Lease', Lease, { metadata, spec: { holderIdentity: 'me' } }, { Name: 'x', Holder: 'me', Age: '60m' }],
    [
      'Event',
      Event,
      {
        metadata,
        involvedObject: { kind: 'Pod', name: 'p', namespace: 'ns' },
        reason: 'Pulled',
        message: 'done\n',
        type: 'Normal',
        source: { component: 'agent', host: 'node-1' },
        firstTimestamp: '2026-01-01T00:30:00Z',
        lastTimestamp: '2026-01-01T00:55:00Z',
        count: 3,
      },
      {
        'Last Seen': '5m',
        Type: 'Normal',
        Reason: 'Pulled',
        Object: 'pod/p',
        Subobject: '',
        Source: 'agent, node-1',
        Message: 'done',
        'First Seen': '30m',
        Count: 3,
        Name: 'x',
      },
    ],
    [
      'Node',
      Node,
      {
        metadata: { name: 'x', labels: { 'node-role.kubernetes.io/worker': '' } },
        spec: { unschedulable: true },
        status: {
          conditions: [{ type: 'Ready', status: 'True' }],
          addresses: [{ type: 'InternalIP', address: '10.77.0.11' }],
          nodeInfo: {
            kubeletVersion: 'v1',
            osImage: 'Debian',
            kernelVersion: '6',
            containerRuntimeVersion: 'gantry://0',
          },
        },
      },
      {
        Name: 'x',
        Status: 'Ready,SchedulingDisabled',
        Roles: 'worker',
        Age: '60m',
        Version: 'v1',
        'Internal-IP': '10.77.0.11',
        'External-IP': '<none>',
        'OS-Image': 'Debian',
        'Kernel-Version': '6',
        'Container-Runtime': 'gantry://0',
      },
    ],
  ])('%s', (_, schema, draft, expected) => {
    expect(row(schema, draft)).toEqual(expected);
  });
});
