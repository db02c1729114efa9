import type { Node, Pod } from '@gantry/api';
import { planNode, type NodeAction } from './node-lifecycle.plan';

const NOW = Date.parse('2030-01-01T00:00:00Z');
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

function node(ready: string, taints: object[] = []): Node {
  return {
    metadata: { name: 'a' },
    spec: taints.length > 0 ? { taints } : {},
    status: { conditions: [{ type: 'Ready', status: ready, reason: 'KubeletReady' }] },
  } as unknown as Node;
}

function pod(tolerations: object[] = [], ready = true): Pod {
  return {
    metadata: { name: 'p', uid: 'p' },
    spec: { tolerations },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  } as unknown as Pod;
}

const plan = (given: Node, pods: Pod[], silentFor = 0): ReturnType<typeof planNode> =>
  planNode({ node: given, pods, silentFor, grace: 20_000, now: NOW });
const types = (actions: NodeAction[]): string[] => actions.map(({ type }) => type);
const seconds = (tolerationSeconds: number): object => ({
  key: 'node.kubernetes.io/unreachable',
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds,
});
const unreachable = (since: number): object[] =>
  ['NoSchedule', 'NoExecute'].map((effect) => ({
    key: 'node.kubernetes.io/unreachable',
    effect,
    timeAdded: ago(since),
  }));

describe('the life of a node', () => {
  it('asks for nothing while the node is well, and looks again when its grace would be over', () => {
    expect(plan(node('True'), [pod()], 5000)).toEqual({ actions: [], recheckIn: 15_000 });
  });

  it('takes a silent node for lost: unknown, tainted, its pods out of service', () => {
    const { actions } = plan(node('True'), [pod([seconds(300)])], 20_000);
    expect(types(actions)).toEqual(['setConditions', 'setTaints', 'markPodNotReady']);
    expect(actions[1]).toMatchObject({
      taints: [
        { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' },
        { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
      ],
    });
  });

  it.each<[string, Pod, boolean, number | undefined]>([
    ['evicts at once what tolerates nothing', pod([], false), true, undefined],
    ['waits for the toleration to run out', pod([seconds(30)], false), false, 20_000],
    ['evicts when it has run out', pod([seconds(10)], false), true, undefined],
    ['leaves what tolerates for ever', pod([{ operator: 'Exists' }], false), false, undefined],
    ['takes the shortest of several tolerations', pod([seconds(300), seconds(15)], false), false, 5000],
  ])('%s', (_, given, evicted, recheckIn) => {
    const lost = node('Unknown', unreachable(10));
    lost.status.conditions = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'].map(
      (type) => ({ type, status: 'Unknown' }) as never,
    );
    const result = plan(lost, [given], 99_000);
    expect(types(result.actions)).toEqual(evicted ? ['evict'] : []);
    expect(result.recheckIn).toBe(recheckIn);
  });

  it('lets a node that is back take pods again, keeping taints of others', () => {
    const own = { key: 'dedicated', value: 'db', effect: 'NoSchedule' };
    const { actions } = plan(node('True', [own, ...unreachable(60)]), [], 0);
    expect(actions).toEqual([{ type: 'setTaints', taints: [own] }]);
  });

  it('taints a node that says itself it is not ready', () => {
    const { actions } = plan(node('False'), [], 0);
    expect(actions).toMatchObject([{ type: 'setTaints', taints: [{ key: 'node.kubernetes.io/not-ready' }, {}] }]);
  });
});
