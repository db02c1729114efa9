import type { Pod, ReplicaSet } from '@gantry/api';
import fc from 'fast-check';
import { byDeletionOrder } from './deletion-order';
import { planReplicaSet, type ReplicaSetAction } from './replica-set.plan';

const NOW = Date.parse('2030-01-01T00:00:00Z');

function replicaSet(replicas: number, spec: object = {}): ReplicaSet {
  return {
    metadata: { name: 'web', namespace: 'shop', uid: 'rs', generation: 3 },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } } },
      ...spec,
    },
    status: {},
  } as unknown as ReplicaSet;
}

interface PodFacts {
  owner?: string;
  labels?: Record<string, string>;
  phase?: string;
  ready?: boolean;
  readyAgo?: number;
  deleting?: boolean;
  node?: string;
  restarts?: number;
  cost?: number;
  age?: number;
}

let names = 0;
function pod(facts: PodFacts = {}): Pod {
  const { owner = 'rs', labels = { app: 'web' }, phase = 'Running', ready = phase === 'Running', node = 'a' } = facts;
  const at = (agoSeconds: number): string => new Date(NOW - agoSeconds * 1000).toISOString();
  return {
    metadata: {
      name: `web-${++names}`,
      uid: `pod-${names}`,
      labels,
      creationTimestamp: at(facts.age ?? 100),
      ...(facts.cost ? { annotations: { 'controller.kubernetes.io/pod-deletion-cost': `${facts.cost}` } } : {}),
      ...(owner ? { ownerReferences: [{ uid: owner, controller: true }] } : {}),
      ...(facts.deleting ? { deletionTimestamp: at(1) } : {}),
    },
    spec: { nodeName: node || undefined },
    status: {
      phase,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: at(facts.readyAgo ?? 60) }],
      containerStatuses: [{ name: 'c', restartCount: facts.restarts ?? 0 }],
    },
  } as unknown as Pod;
}

const plan = (set: ReplicaSet, pods: Pod[], settled = true): ReturnType<typeof planReplicaSet> =>
  planReplicaSet({ set, pods, settled, now: NOW });

describe('a ReplicaSet', () => {
  it.each<[string, number, PodFacts[], ReplicaSetAction['type'][], number | undefined]>([
    ['creates what is missing', 3, [{}], ['create'], 2],
    ['replaces pods that ended or are being deleted', 2, [{ phase: 'Failed' }, { deleting: true }, {}], ['create'], 1],
    ['deletes what is too much', 1, [{}, {}, {}], ['delete', 'delete'], undefined],
    ['is content', 2, [{}, {}], [], undefined],
    ['leaves pods of others alone', 1, [{}, { owner: 'other' }], [], undefined],
    ['adopts matching orphans and counts them', 2, [{}, { owner: '' }], ['adopt'], undefined],
    [
      'lets go of pods whose labels changed, and replaces them',
      1,
      [{ labels: { app: 'x' } }],
      ['release', 'create'],
      1,
    ],
  ])('%s', (_, replicas, pods, types, count) => {
    const { actions } = plan(replicaSet(replicas), pods.map(pod));
    expect(actions.map(({ type }) => type)).toEqual(types);
    if (count) expect(actions.at(-1)).toEqual({ type: 'create', count });
  });

  it('neither creates nor deletes before its earlier actions are seen, nor while it is deleted itself', () => {
    expect(plan(replicaSet(3), [], false).actions).toEqual([]);
    const deleted = replicaSet(3);
    deleted.metadata.deletionTimestamp = '2030-01-01T00:00:00Z';
    expect(plan(deleted, [pod(), pod({ owner: '' })]).actions).toEqual([]);
  });

  it('counts ready and available pods, and looks again when the next one becomes available', () => {
    const pods = [pod({ readyAgo: 20 }), pod({ readyAgo: 4 }), pod({ ready: false }), pod({ phase: 'Pending' })];
    const { status, recheckIn } = plan(replicaSet(4, { minReadySeconds: 10 }), pods);
    expect(status).toMatchObject({ replicas: 4, readyReplicas: 2, availableReplicas: 1, observedGeneration: 3 });
    expect(recheckIn).toBe(6000);
  });

  it('reports why it cannot create pods, and takes it back', () => {
    const set = replicaSet(1);
    const failed = planReplicaSet({ set, pods: [], settled: true, failure: 'quota exceeded', now: NOW }).status;
    expect(failed.conditions).toMatchObject([{ type: 'ReplicaFailure', status: 'True', message: 'quota exceeded' }]);
    expect(plan({ ...set, status: failed }, [pod()]).status.conditions).toBeUndefined();
  });

  it.each<[string, PodFacts, PodFacts]>([
    ['unscheduled before scheduled', { node: '' }, {}],
    ['pending before running', { phase: 'Pending' }, { ready: false }],
    ['unready before ready', { ready: false }, {}],
    ['cheap before dear', { cost: -5 }, {}],
    ['ready for a short time before long', { readyAgo: 5 }, { readyAgo: 500 }],
    ['restarted often before seldom', { restarts: 3 }, {}],
    ['young before old', { age: 10 }, { age: 99 }],
  ])('gives up %s', (_, first, second) => {
    const pods = [pod({ node: 'b', ...second }), pod({ node: 'c', ...first })];
    expect(byDeletionOrder(pods)[0]).toBe(pods[1]);
  });

  it('gives up pods that crowd a node first', () => {
    const [lonely, crowded] = [pod({ node: 'b' }), pod({ node: 'a' })];
    expect(byDeletionOrder([lonely, crowded, pod({ node: 'a' })]).at(-1)).toBe(lonely);
  });

  it('is content once its plan is carried out, whatever there was', () => {
    const facts = fc.record<PodFacts>({
      owner: fc.constantFrom('rs', 'other', ''),
      labels: fc.constantFrom({ app: 'web' }, { app: 'x' }),
      phase: fc.constantFrom('Pending', 'Running', 'Failed', 'Succeeded'),
      deleting: fc.boolean(),
      node: fc.constantFrom('', 'a', 'b'),
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), fc.array(facts, { maxLength: 10 }), (replicas, all) => {
        const set = replicaSet(replicas);
        const pods = all.map(pod);
        expect(plan(set, carryOut(plan(set, pods).actions, pods, set)).actions).toEqual([]);
      }),
    );
  });
});

function carryOut(actions: ReplicaSetAction[], pods: Pod[], set: ReplicaSet): Pod[] {
  let result = [...pods];
  for (const action of actions) {
    if (action.type === 'create')
      for (let i = 0; i < action.count; i++) result.push(pod({ phase: 'Pending', node: '' }));
    else {
      result = result.filter((other) => other.metadata.uid !== action.pod.metadata.uid);
      if (action.type === 'adopt') {
        const ownerReferences = [{ uid: set.metadata.uid, controller: true }];
        result.push({ ...action.pod, metadata: { ...action.pod.metadata, ownerReferences } } as unknown as Pod);
      }
    }
  }
  return result;
}
