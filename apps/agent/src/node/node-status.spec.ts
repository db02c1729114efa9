import { Node } from '@gantry/api';
import { TypedClient } from '@gantry/client';
import { silentLogger } from '@gantry/observability';
import { FakeClock, MemoryApi } from '@gantry/testing';
import { NodeReporter, type NodeReporterOptions } from './node-reporter';
import { nodeStatus } from './node-status';

const usage = {
  memoryAvailable: 2 ** 33,
  diskTotal: 1000 * 1024,
  diskAvailable: 500 * 1024,
  inodesTotal: 100,
  inodesAvailable: 50,
};
const input = {
  nodeName: 'n1',
  hostAddress: '10.0.0.7',
  cpu: '2',
  memory: '4Gi',
  maxPods: 110,
  info: {} as never,
  images: [],
  usage,
  before: [],
  now: Date.UTC(2030, 0, 1),
};

const verdicts = (more: object): Record<string, string> => {
  const { conditions = [] } = nodeStatus({ ...input, ...more });
  return Object.fromEntries(conditions.map(({ type, status }) => [type, status]));
};

describe('nodeStatus', () => {
  const well = { MemoryPressure: 'False', DiskPressure: 'False', PIDPressure: 'False', Ready: 'True' };

  it.each([
    [{}, well],
    [{ notReady: 'no network' }, { ...well, Ready: 'False' }],
    [{ usage: { ...usage, memoryAvailable: 1 } }, { ...well, MemoryPressure: 'True' }],
    [{ usage: { ...usage, diskAvailable: 1 } }, { ...well, DiskPressure: 'True' }],
    [{ usage: { ...usage, inodesAvailable: 1 } }, { ...well, DiskPressure: 'True' }],
  ])('%j', (more, expected) => {
    expect(verdicts(more)).toEqual(expected);
  });

  it('keeps the time of a condition that has not changed', () => {
    const { conditions: before } = nodeStatus(input);
    const { conditions } = nodeStatus({ ...input, before: before!, notReady: 'x', now: input.now + 60_000 });
    const times = Object.fromEntries(conditions!.map(({ type, lastTransitionTime }) => [type, lastTransitionTime]));
    expect(times).toMatchObject({ PIDPressure: '2030-01-01T00:00:00Z', Ready: '2030-01-01T00:01:00Z' });
  });
});

describe('NodeReporter', () => {
  async function report(change?: (node: Node) => object): Promise<{ node: Node; writes: number }> {
    const clock = new FakeClock();
    const api = new MemoryApi(clock);
    const nodes = new TypedClient(api).resource(Node);
    if (change) await nodes.create(change({} as Node));
    let writes = 0;
    api.before = ({ verb }) => void (writes += Number(verb === 'patch'));
    const options = { ...input, nodes, clock, log: silentLogger } as unknown as NodeReporterOptions;
    const facts = { images: () => Promise.resolve([]), usage: () => Promise.resolve(usage), notReady: () => undefined };
    const reporter = new NodeReporter({ ...options, ...facts });
    reporter.look();
    await clock.advance(100_000);
    reporter.close();
    const node = await nodes.get({ name: 'n1' });
    api.close();
    return { node, writes };
  }

  it('registers the node with its labels and writes an unchanged status once', async () => {
    const { node, writes } = await report();
    expect(node.metadata.labels).toMatchObject({ 'kubernetes.io/hostname': 'n1', 'kubernetes.io/os': 'linux' });
    expect(node.status.allocatable).toMatchObject({ cpu: '2', memory: '4Gi', pods: '110' });
    expect(writes).toBe(1);
  });

  it('leaves alone what others decide', async () => {
    const spec = { podCIDR: '10.244.3.0/24', unschedulable: true };
    const { node } = await report(() => ({ metadata: { name: 'n1', labels: { zone: 'a' } }, spec, status: {} }));
    expect(node.spec).toEqual(spec);
    expect(node.metadata.labels).toMatchObject({ zone: 'a', 'kubernetes.io/hostname': 'n1' });
  });
});
