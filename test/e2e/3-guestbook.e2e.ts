import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { succeed } from './cluster/command';
import { eventually } from './cluster/eventually';
import { Kubectl } from './cluster/kubectl';
import { isRunning, type PodView } from './cluster/manifests';

const kubectl = new Kubectl('guestbook');
const page = async (node: number, init?: RequestInit): Promise<string> =>
  (await fetch(`http://10.77.0.${10 + node}:30080/cgi-bin/index.cgi`, init)).text();

describe('the guestbook', () => {
  let pods: PodView[];

  beforeAll(async () => {
    await succeed('kubectl', ['apply', '-f', 'deploy/examples/guestbook.yaml']);
    for (const name of ['store', 'front', 'worker']) {
      await kubectl.do('rollout', 'status', `deployment/${name}`, '--timeout=60s');
    }
    pods = (await kubectl.items<PodView>('pods')).filter(isRunning);
  }, 120_000);
  afterAll(
    () => succeed('kubectl', ['delete', 'namespace', 'guestbook', '--timeout=60s'], { timeout: 70_000 }),
    80_000,
  );

  it('runs its pods on all nodes, from images by digest', () => {
    expect(pods).toHaveLength(6);
    expect(new Set(pods.map(({ spec }) => spec.nodeName)).size).toBe(3);
    for (const pod of pods) expect(pod.status.containerStatuses?.[0]?.imageID).toMatch(/@sha256:[0-9a-f]{64}$/);
  });

  it('answers on the NodePort of every node, and finds its store by name across nodes', async () => {
    const entry = `e2e was here ${process.pid}`;
    const body = new URLSearchParams({ entry });
    await page(1, { method: 'POST', body, redirect: 'manual' });
    for (const node of [1, 2, 3]) {
      const text = await eventually(
        `the entry on node ${node}`,
        () => page(node),
        (all) => all.includes(entry),
      );
      expect(text).toMatch(/^Our guestbook/);
      expect(text).toContain('served by guestbook-front v1 on pod front-');
    }
  });

  it('gives pods their configuration and secrets', async () => {
    const logs = await eventually(
      'a worker to sign',
      () => kubectl.do('logs', 'deployment/worker'),
      (text) => text.includes('signed'),
    );
    expect(logs).toMatch(/^worker-\S+: signed \d+ times$/m);
  });

  it('keeps containers within their limits by cgroups', () => {
    const store = pods.find(({ metadata }) => metadata.name.startsWith('store-'))!;
    const limits = memoryLimits(`/sys/fs/cgroup/memory/gantry/${store.spec.nodeName}`);
    expect(limits).toContain(128 * 2 ** 20);
  });

  it('spreads pods by what they request', async () => {
    await kubectl.do('scale', 'deployment/front', '--replicas=9');
    await kubectl.do('rollout', 'status', 'deployment/front', '--timeout=60s');
    const fronts = (await kubectl.items<PodView>('pods', '-l', 'app=front')).filter(isRunning);
    const counts = countBy(fronts.map(({ spec }) => spec.nodeName!));
    expect(counts).toEqual([3, 3, 3]);
  });
});

function countBy(names: string[]): number[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts.values()];
}

function memoryLimits(folder: string): number[] {
  const own = Number(readFileSync(join(folder, 'memory.limit_in_bytes'), 'utf8'));
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [own, ...below.flatMap((entry) => memoryLimits(join(folder, entry.name)))];
}
