import { succeed } from './cluster/command';
import { eventually } from './cluster/eventually';
import { freshNamespace, type Kubectl } from './cluster/kubectl';
import { deployment, type PodView } from './cluster/manifests';

describe('a pod that fits nowhere', () => {
  let kubectl: Kubectl;
  let pod: PodView;
  const message = (): string | undefined => pod.status.conditions?.find(({ type }) => type === 'PodScheduled')?.message;

  beforeAll(async () => {
    kubectl = await freshNamespace('unschedulable');
    await succeed('kubectl', ['taint', 'node', 'node-3', 'dedicated=db:NoSchedule']);
    await kubectl.apply(deployment('greedy', { requests: { cpu: '64' } }));
    [pod] = (await eventually(
      'the reason',
      () => kubectl.items<PodView>('pods'),
      ([first]) => first?.status.conditions?.some(({ reason }) => reason === 'Unschedulable') ?? false,
    )) as [PodView];
  }, 60_000);
  afterAll(async () => {
    await succeed('kubectl', ['taint', 'node', 'node-3', 'dedicated-']);
    await succeed('kubectl', ['delete', 'namespace', kubectl.namespace, '--wait=false']);
  });

  it('says why, per node and in figures, in its condition', () => {
    expect(message()).toMatch(
      /^0\/3 nodes are available: 2 insufficient cpu \(needs 64000m, \d+m and \d+m free\), 1 has taint \{dedicated=db:NoSchedule\}\./,
    );
  });

  it('says the same in its events, and to gantry why', async () => {
    expect(await kubectl.do('describe', 'pod', pod.metadata.name)).toContain('2 insufficient cpu (needs 64000m');
    const why = await succeed('node', [
      'dist/apps/cli/main.js',
      'why',
      `pod/${pod.metadata.name}`,
      '-n',
      kubectl.namespace,
    ]);
    expect(why).toContain('is Pending');
    expect(why).toContain(message()!);
  });

  it('runs as soon as it fits', async () => {
    const patch = [
      { op: 'replace', path: '/spec/template/spec/containers/0/resources', value: { requests: { cpu: '10m' } } },
    ];
    await kubectl.do('patch', 'deployment', 'greedy', '--type=json', '-p', JSON.stringify(patch));
    await kubectl.do('rollout', 'status', 'deployment/greedy', '--timeout=60s');
  }, 70_000);
});
