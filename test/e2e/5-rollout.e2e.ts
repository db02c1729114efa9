import { succeed } from './cluster/command';
import { eventually } from './cluster/eventually';
import { freshNamespace, type Kubectl } from './cluster/kubectl';
import { deployment, isRunning, type PodView } from './cluster/manifests';

interface DeploymentView {
  status: { availableReplicas?: number; updatedReplicas?: number; conditions?: { type: string; message: string }[] };
}

describe('roll-outs', () => {
  let kubectl: Kubectl;
  beforeAll(async () => {
    kubectl = await freshNamespace('rollout');
  });
  afterAll(() => succeed('kubectl', ['delete', 'namespace', kubectl.namespace, '--wait=false']));

  const view = (name: string): Promise<DeploymentView> => kubectl.json<DeploymentView>('get', 'deployment', name);

  it('runs 60 containers over 3 nodes', async () => {
    await kubectl.apply(deployment('front', { requests: { cpu: '5m', memory: '8Mi' } }));
    await kubectl.do('scale', 'deployment/front', '--replicas=60');
    await kubectl.do('rollout', 'status', 'deployment/front', '--timeout=90s');
    const nodes = (await kubectl.items<PodView>('pods')).filter(isRunning).map(({ spec }) => spec.nodeName);
    expect(nodes).toHaveLength(60);
    for (const node of ['node-1', 'node-2', 'node-3']) {
      expect(nodes.filter((name) => name === node).length).toBeGreaterThanOrEqual(18);
    }
    await kubectl.do('delete', 'deployment', 'front');
    await eventually(
      'the pods to be gone',
      () => kubectl.items('pods'),
      (pods) => pods.length === 0,
      60_000,
    );
  }, 180_000);

  it('never goes below maxUnavailable while it moves to another image', async () => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 2 } };
    await kubectl.apply(deployment('steady', { replicas: 6, strategy }));
    await kubectl.do('rollout', 'status', 'deployment/steady', '--timeout=60s');
    await kubectl.do('set', 'image', 'deployment/steady', 'main=busybox:1.35');
    const seen: number[] = [];
    await eventually(
      'the roll-out to end',
      async () => {
        const { status } = await view('steady');
        seen.push(status.availableReplicas ?? 0);
        return status;
      },
      (status) => status.updatedReplicas === 6 && status.availableReplicas === 6,
      60_000,
    );
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(5);
    await kubectl.do('rollout', 'status', 'deployment/steady', '--timeout=60s');
  }, 150_000);

  it('stops at a broken image, and says so where people look', async () => {
    await kubectl.apply(deployment('brave', { replicas: 4 }));
    await kubectl.do('rollout', 'status', 'deployment/brave', '--timeout=60s');
    await kubectl.do('set', 'image', 'deployment/brave', 'main=127.0.0.1:5000/no/such-image:v9');
    const described = await eventually(
      'the reason in kubectl describe',
      () => kubectl.do('describe', 'deployment', 'brave'),
      (text) => text.includes('RolloutStuck'),
    );
    expect(described).toMatch(/ImagePull|ErrImagePull/);
    expect(described).toContain('no/such-image');
    const old = (await kubectl.items<PodView>('pods', '-l', 'app=brave')).filter(
      ({ status }) => status.containerStatuses?.[0]?.ready,
    );
    expect(old.length).toBeGreaterThanOrEqual(3);
    await kubectl.do('rollout', 'undo', 'deployment/brave');
    await kubectl.do('rollout', 'status', 'deployment/brave', '--timeout=60s');
  }, 150_000);
});
