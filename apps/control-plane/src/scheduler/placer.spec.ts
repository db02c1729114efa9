import type { Node, Pod } from '@gantry/api';
import fc from 'fast-check';
import { NodeTable } from './node-table';
import { Placer } from './placer';

interface NodeFacts {
  cpu?: string;
  memory?: string;
  pods?: string;
  labels?: Record<string, string>;
  unschedulable?: boolean;
  taints?: { key: string; value?: string; effect: string }[];
}

function node(name: string, { cpu = '2', memory = '4Gi', pods = '110', labels, ...spec }: NodeFacts = {}): Node {
  return {
    metadata: { name, labels },
    spec,
    status: { allocatable: { cpu, memory, pods } },
  } as unknown as Node;
}

let uids = 0;
function pod(requests: Record<string, string> = {}, spec: object = {}, owner = 'rs-1'): Pod {
  return {
    metadata: {
      name: `p${++uids}`,
      namespace: 'default',
      uid: `uid-${uids}`,
      ownerReferences: [{ uid: owner, controller: true }],
    },
    spec: { containers: [{ name: 'c', resources: { requests } }], ...spec },
  } as unknown as Pod;
}

function cluster(...nodes: Node[]): { table: NodeTable; placer: Placer; run: (pod: Pod) => string } {
  const table = new NodeTable();
  nodes.forEach((each) => {
    table.setNode(each);
  });
  const placer = new Placer(table);
  const run = (wanted: Pod): string => {
    const placement = placer.place(wanted);
    if (placement.node === undefined) return placement.why;
    table.place(wanted.metadata.uid, placement.podClass, placement.node);
    return placement.node;
  };
  return { table, placer, run };
}

describe('placing pods', () => {
  it('spreads replicas over equal nodes', () => {
    const { run } = cluster(node('a'), node('b'), node('c'));
    const counts: Record<string, number> = {};
    for (let i = 0; i < 60; i++) {
      const name = run(pod({ cpu: '10m' }));
      counts[name] = (counts[name] ?? 0) + 1;
    }
    expect(counts).toEqual({ a: 20, b: 20, c: 20 });
  });

  it('prefers the node with more room', () => {
    const { run } = cluster(node('small', { cpu: '1' }), node('large', { cpu: '16', memory: '64Gi' }));
    expect(run(pod({ cpu: '500m', memory: '1Gi' }))).toBe('large');
  });

  it.each<[string, NodeFacts, object]>([
    ['nodeSelector', { labels: { disk: 'ssd' } }, { nodeSelector: { disk: 'ssd' } }],
    [
      'required node affinity',
      { labels: { zone: 'x' } },
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['x'] }] }],
            },
          },
        },
      },
    ],
    [
      'preferred node affinity',
      { labels: { zone: 'x' } },
      {
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 10, preference: { matchExpressions: [{ key: 'zone', operator: 'Exists' }] } },
            ],
          },
        },
      },
    ],
  ])('follows %s', (_, facts, spec) => {
    const { run } = cluster(node('a'), node('b'), node('wanted', facts), node('d'));
    expect([run(pod({}, spec)), run(pod({}, spec))]).toEqual(['wanted', 'wanted']);
  });

  it('keeps clear of taints unless tolerated, and of cordoned nodes', () => {
    const taints = [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }];
    const { run } = cluster(node('db', { taints }), node('closed', { unschedulable: true }));
    expect(run(pod())).toBe(
      '0/2 nodes are available: 1 cordoned, 1 has taint {dedicated=db:NoSchedule}.' +
        ' Smallest change that would help: tolerate {dedicated=db:NoSchedule} (db).',
    );
    expect(run(pod({}, { tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'db' }] }))).toBe('db');
  });

  it('gives a host port once a node', () => {
    const spec = { containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 8080 }] }] };
    const { run } = cluster(node('a'), node('b'));
    expect([run(pod({}, spec)), run(pod({}, spec))].sort()).toEqual(['a', 'b']);
    expect(run(pod({}, spec))).toBe('0/2 nodes are available: 2 host port 8080/TCP is in use.');
  });

  it('says why per node, with figures, and what would help', () => {
    const { run } = cluster(
      node('a', { cpu: '700m' }),
      node('b', { cpu: '400m' }),
      node('c', { taints: [{ key: 'gpu', effect: 'NoExecute' }] }),
    );
    expect(run(pod({ cpu: '1500m' }))).toBe(
      '0/3 nodes are available: 2 insufficient cpu (needs 1500m, 700m and 400m free), 1 has taint {gpu:NoExecute}.' +
        ' Smallest change that would help: request at most 700m cpu, all that the node has (a).',
    );
    expect(cluster().run(pod())).toBe('no nodes are available: none has joined the cluster');
  });

  it('sees room that came free, and nodes that came, changed or left', () => {
    const { table, run } = cluster(node('a', { cpu: '1' }));
    const first = pod({ cpu: '800m' });
    expect(run(first)).toBe('a');
    expect(run(pod({ cpu: '800m' }))).toContain('insufficient cpu');
    table.remove(first.metadata.uid);
    expect(run(pod({ cpu: '800m' }))).toBe('a');
    table.setNode(node('b'));
    expect(run(pod({ cpu: '800m' }))).toBe('b');
    table.removeNode('b');
    expect(run(pod({ cpu: '800m' }))).toContain('0/1 nodes');
  });

  it('counts init containers by their peak and sidecars with the rest', () => {
    const initContainers = [
      { name: 'proxy', restartPolicy: 'Always', resources: { requests: { cpu: '300m' } } },
      { name: 'migrate', resources: { requests: { cpu: '900m' } } },
    ];
    const { run } = cluster(node('a', { cpu: '1100m' }), node('b', { cpu: '1200m' }));
    expect(run(pod({ cpu: '500m' }, { initContainers, containers: [{ name: 'c' }] }))).toBe('b');
  });

  it('never gives away more than a node has, and finds room whenever there is some', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }), sizes, (nodes, pods) => {
        const { table, run } = cluster(...nodes.map((cpu, i) => node(`n${i}`, { cpu: `${cpu}` })));
        for (const cpu of pods) {
          const { allocatable, used } = table.column('cpu');
          const room = nodes.some((_, slot) => allocatable[slot]! - used[slot]! >= cpu * 1000);
          expect(table.slotOf(run(pod({ cpu: `${cpu}` }, {}, `rs-${cpu % 3}`))) !== undefined).toBe(room);
        }
        const { allocatable, used } = table.column('cpu');
        nodes.forEach((_, slot) => {
          expect(used[slot]).toBeLessThanOrEqual(allocatable[slot]!);
        });
      }),
    );
  });
});
