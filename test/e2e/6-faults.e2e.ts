import { readFileSync } from 'node:fs';
import { CHECKOUT, succeed } from './cluster/command';
import { eventually } from './cluster/eventually';
import { freshNamespace, type Kubectl } from './cluster/kubectl';
import { deployment, isRunning, type PodView } from './cluster/manifests';

const tolerations = ['unreachable', 'not-ready'].map((state) => ({
  key: `node.kubernetes.io/${state}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 3,
}));

const nodeStatus = async (name: string): Promise<string> =>
  (await succeed('kubectl', ['get', 'node', name, '--no-headers'])).split(/ +/)[1]!;

/** PIDs of the machine's processes whose command line holds a text. */
async function pidsOf(text: string): Promise<number[]> {
  const lines = (await succeed('ps', ['-eo', 'pid,args'])).split('\n');
  return lines.filter((line) => line.includes(text)).map((line) => Number.parseInt(line, 10));
}

describe('what must be survived', () => {
  let kubectl: Kubectl;
  // A marker in the command line finds the containers' processes among all of the machine's.
  const marker = `marker-${process.pid}`;
  const pods = (): Promise<PodView[]> => kubectl.items<PodView>('pods', '-l', 'app=steady');
  const processes = (): Promise<number[]> => pidsOf(`sleep 3600 & wait # ${marker}`);

  beforeAll(async () => {
    kubectl = await freshNamespace('faults');
    const command = ['sh', '-c', `trap "exit 0" TERM; sleep 3600 & wait # ${marker}`];
    await kubectl.apply(deployment('steady', { replicas: 3, command, spec: { tolerations } }));
    await kubectl.do('rollout', 'status', 'deployment/steady', '--timeout=60s');
  }, 90_000);
  afterAll(() => succeed('kubectl', ['delete', 'namespace', kubectl.namespace, '--wait=false']));

  it('an agent killed with -9 adopts its containers: same processes, no restart', async () => {
    const before = await processes();
    expect(before.length).toBeGreaterThanOrEqual(3);
    const [old] = (await pidsOf('agent/main.js --node-name=node-1')).slice(-1);
    process.kill(old!, 'SIGKILL');
    await eventually(
      'a new agent',
      () => pidsOf('agent/main.js --node-name=node-1'),
      (pids) => pids.length > 0 && !pids.includes(old!),
    );
    const socket = 'http://localhost/containers/json';
    await eventually('the new agent to answer', () =>
      succeed('curl', ['-sf', '--unix-socket', '/run/gantry/node-1/docker.sock', socket]),
    );
    // It takes work again, which it does only after it has taken over what runs.
    await kubectl.apply(deployment('later', { spec: { nodeSelector: { 'kubernetes.io/hostname': 'node-1' } } }));
    await kubectl.do('rollout', 'status', 'deployment/later', '--timeout=60s');
    expect(await processes()).toEqual(before);
    for (const pod of await pods()) expect(pod.status.containerStatuses?.[0]?.restartCount).toBe(0);
    expect(await nodeStatus('node-1')).toBe('Ready');
  }, 120_000);

  it('a control plane killed with -9 comes back, and running pods never notice', async () => {
    const before = await processes();
    process.kill(Number(readFileSync(`${CHECKOUT}/.gantry/run/server.pid`, 'utf8').split(' ')[0]), 'SIGKILL');
    await eventually('the API', () => succeed('kubectl', ['get', '--raw', '/readyz']));
    expect(await processes()).toEqual(before);
    await kubectl.do('scale', 'deployment/later', '--replicas=2');
    await kubectl.do('wait', 'deployment/later', '--for=jsonpath={.status.readyReplicas}=2', '--timeout=60s');
    for (const pod of await pods()) expect(pod.status.containerStatuses?.[0]?.restartCount).toBe(0);
  }, 120_000);

  it('a node that loses its power is replaced, and is welcome again when it returns', async () => {
    const lost = 'node-2';
    const doomed = (await pods()).find(({ spec }) => spec.nodeName === lost)!;
    process.kill(Number(readFileSync(`${CHECKOUT}/.gantry/nodes/${lost}/init.pid`, 'utf8').split(' ')[0]), 'SIGKILL');
    await eventually(
      'the node to be NotReady',
      () => nodeStatus(lost),
      (status) => status === 'NotReady',
      60_000,
    );
    await eventually(
      'its pods to be replaced elsewhere',
      pods,
      (all) => all.filter((pod) => isRunning(pod) && pod.spec.nodeName !== lost).length === 3,
      60_000,
    );
    await succeed('npm', ['run', '-s', 'up'], { timeout: 120_000 });
    expect(await nodeStatus(lost)).toBe('Ready');
    await eventually(
      'what was left there to be cleaned up',
      pods,
      (all) => all.every(({ metadata }) => metadata.uid !== doomed.metadata.uid),
      60_000,
    );
    const there = { 'kubernetes.io/hostname': lost };
    await kubectl.apply(deployment('again', { spec: { nodeSelector: there } }));
    await kubectl.do('rollout', 'status', 'deployment/again', '--timeout=60s');
  }, 240_000);
});
