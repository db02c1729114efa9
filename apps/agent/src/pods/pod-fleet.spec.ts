import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigMap, Event, Pod, type KubeList } from '@gantry/api';
import { systemClock, type Clock, type Closeable } from '@gantry/base';
import { EventRecorder, Informer, TypedClient } from '@gantry/client';
import { silentLogger } from '@gantry/observability';
import { MemoryApi } from '@gantry/testing';
import { label } from './identity';
import { LoopbackNetwork } from './loopback-network';
import { podServices } from './make-pod-services';
import { PodFleet } from './pod-fleet';
import { FakeRuntime } from './testing/fake-runtime';

const NODE = 'n1';
let folder: string;
let api: MemoryApi;
let client: TypedClient;
let runtime: FakeRuntime;
let agents: Closeable[];

/** One process of the agent: its memory ends with it, runtime and API stay. */
async function startAgent(clock: Clock = systemClock): Promise<PodFleet> {
  const pods = new Informer(client.resource(Pod), { fieldSelector: `spec.nodeName=${NODE}` });
  const recorder = new EventRecorder({ client, component: 'kubelet', host: NODE });
  const { shared, parts } = await podServices({
    clock,
    log: silentLogger,
    runtime: runtime.open(),
    network: new LoopbackNetwork(),
    client,
    recorder,
    dataDir: folder,
    runDir: '/dev/shm/' + folder.split('/').at(-1)!,
    nodeMemoryBytes: 2 ** 30,
    containerLog: { maxBytes: 1e6, maxFiles: 2 },
    dns: { address: '10.96.0.10', domain: 'cluster.local' },
    node: { name: NODE, ip: '10.0.0.7', allocatable: { cpu: '2', memory: '1Gi' } },
    services: () => [],
    onReferenceChange: (uid) => fleet.worker(uid)?.referencesChanged(),
    onStarted: () => undefined,
    onStep: () => undefined,
  });
  const fleet = new PodFleet({ services: shared, pods, client });
  agents.push({
    close: async () => {
      fleet.close();
      await Promise.all([parts.close(), pods.close()]);
    },
  });
  pods.start();
  void fleet.start();
  return fleet;
}

async function stopAgent(): Promise<void> {
  for (const agent of agents.splice(0)) await agent.close();
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-pods-'));
  api = new MemoryApi();
  client = new TypedClient(api);
  runtime = new FakeRuntime(systemClock);
  agents = [];
});

afterEach(async () => {
  await stopAgent();
  api.close();
  await rm(folder, { recursive: true });
  await rm('/dev/shm/' + folder.split('/').at(-1)!, { recursive: true, force: true });
});

async function createPod(name: string, spec: object = {}): Promise<Pod> {
  const containers = [{ name: 'main', image: 'busybox' }];
  const body = { containers, nodeName: NODE, terminationGracePeriodSeconds: 0, ...spec };
  return client.resource(Pod).create({ metadata: { name, namespace: 'default' }, spec: body });
}

async function eventually<T>(look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (const end = Date.now() + 4_000; ;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const podWhere = (name: string, holds: (pod: Pod) => boolean | undefined): Promise<Pod> =>
  eventually(async () => {
    const pod = await client.resource(Pod).find({ namespace: 'default', name });
    return pod && holds(pod) ? pod : undefined;
  });

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';

const waitingFor = (reason: string) => (pod: Pod) =>
  pod.status?.containerStatuses?.[0]?.state?.waiting?.reason === reason;

const isGone = (name: string): Promise<true> =>
  eventually(async () => !(await client.resource(Pod).find({ namespace: 'default', name })) || undefined);

const remove = (name: string, seconds = 0): Promise<Pod> =>
  client.resource(Pod).patch({ namespace: 'default', name }, 'merge', {
    metadata: { deletionTimestamp: new Date().toISOString(), deletionGracePeriodSeconds: seconds },
  });

async function events(reason: string): Promise<Event[]> {
  return eventually(async () => {
    const { items }: KubeList<Event> = await client.resource(Event).list();
    const found = items.filter((event) => event.reason === reason);
    return found.length > 0 ? found : undefined;
  });
}

describe('a pod bound to this node', () => {
  it('runs, and its status says so', async () => {
    await startAgent();
    await createPod('web');
    const { status } = await podWhere('web', isReady);
    expect(status).toMatchObject({
      phase: 'Running',
      podIP: '127.0.0.1',
      hostIP: '10.0.0.7',
      qosClass: 'BestEffort',
      containerStatuses: [{ name: 'main', ready: true, started: true, restartCount: 0, imageID: 'busybox@sha256:1' }],
    });
    const [started] = await events('Started');
    expect(started).toMatchObject({ message: 'Started container main', involvedObject: { name: 'web' } });
  });

  it('leaves nothing behind when it is deleted', async () => {
    await startAgent();
    await createPod('web', { volumes: [{ name: 'work', emptyDir: {} }] });
    await podWhere('web', isReady);
    await remove('web');
    await isGone('web');
    expect([runtime.containersById.size, runtime.sandboxesById.size]).toEqual([0, 0]);
    expect(await readdir(join(folder, 'pods'))).toEqual([]);
  });

  it('is restarted by its policy, and says how it ended', async () => {
    await startAgent();
    await createPod('web');
    await podWhere('web', isReady);
    runtime.exit(runtime.running()[0]!.id, 3);
    const { status } = await podWhere('web', (pod) => pod.status?.containerStatuses?.[0]?.restartCount === 1);
    expect(status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
  });

  it('ends for good when it is not to be restarted', async () => {
    await startAgent();
    await createPod('job', { restartPolicy: 'Never' });
    await podWhere('job', isReady);
    runtime.exit(runtime.running()[0]!.id, 0);
    const { status } = await podWhere('job', (pod) => pod.status?.phase === 'Succeeded');
    expect(status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
    expect(status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({ reason: 'PodCompleted' });
  });

  it('says which image it cannot have, in the words of the registry', async () => {
    runtime.missing.add('nowhere');
    await startAgent();
    await createPod('web', { containers: [{ name: 'main', image: 'nowhere' }] });
    await podWhere('web', waitingFor('ErrImagePull'));
    const { status } = await podWhere('web', waitingFor('ImagePullBackOff'));
    expect(status?.containerStatuses?.[0]?.state?.waiting?.message).toContain('manifest unknown');
  });

  it('waits for a ConfigMap that it needs and starts once that is there', async () => {
    await startAgent();
    const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }];
    await createPod('web', { containers: [{ name: 'main', image: 'busybox', env }] });
    const { status } = await podWhere('web', waitingFor('CreateContainerConfigError'));
    expect(status?.containerStatuses?.[0]?.state?.waiting?.message).toBe('configmap "settings" not found');
    const settings = { metadata: { name: 'settings', namespace: 'default' }, data: { a: '1' } };
    await client.resource(ConfigMap).create(settings);
    await podWhere('web', isReady);
    expect(runtime.running()[0]!.spec.env).toContain('A=1');
  });

  it('runs its hook before it ends', async () => {
    await startAgent();
    const lifecycle = { preStop: { exec: { command: ['farewell'] } } };
    await createPod('web', { containers: [{ name: 'main', image: 'busybox', lifecycle }] });
    await podWhere('web', isReady);
    await remove('web', 5);
    await isGone('web');
    expect(runtime.execs).toEqual([['farewell']]);
  });

  it('ends when its time is over', async () => {
    await startAgent();
    await createPod('web', { activeDeadlineSeconds: 1 });
    await podWhere('web', isReady);
    const { status } = await podWhere('web', (pod) => pod.status?.phase === 'Failed');
    expect(status).toMatchObject({ reason: 'DeadlineExceeded' });
    expect(runtime.running()).toEqual([]);
  });
});

describe('an agent that comes back', () => {
  it('adopts what runs, without a restart', async () => {
    await startAgent();
    await createPod('web');
    await podWhere('web', isReady);
    const [before] = runtime.running();
    await stopAgent();
    const fleet = await startAgent();
    await eventually(() => fleet.find('default', 'web'));
    await remove('web');
    expect(runtime.containersById.get(before!.id)).toMatchObject({ pid: before!.pid });
    await isGone('web');
  });

  it('applies the restart policy once to what ended meanwhile', async () => {
    await startAgent();
    await createPod('web');
    await podWhere('web', isReady);
    await stopAgent();
    runtime.exit(runtime.running()[0]!.id, 7);
    await startAgent();
    const { status } = await podWhere('web', (pod) => pod.status?.containerStatuses?.[0]?.restartCount === 1);
    expect(status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode).toBe(7);
  });

  it('touches nothing before it has the list of the API, then ends what does not belong here', async () => {
    await startAgent();
    await createPod('stays');
    await createPod('goes');
    await Promise.all([podWhere('stays', isReady), podWhere('goes', isReady)]);
    await stopAgent();
    await client.resource(Pod).delete({ namespace: 'default', name: 'goes' });
    let reachable = false;
    api.before = ({ resource }) => {
      if (resource === 'pods' && !reachable) throw new Error('the control plane is away');
    };
    await startAgent();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(runtime.running()).toHaveLength(2);
    reachable = true;
    await eventually(() => runtime.running().length === 1);
    expect(runtime.running()[0]!.labels[label.podName]).toBe('stays');
    await eventually(() => runtime.sandboxesById.size === 1);
  });

  it('completes a deletion that was begun', async () => {
    await startAgent();
    await createPod('web');
    await podWhere('web', isReady);
    runtime.broken.set('remove', 'device is busy');
    await remove('web');
    await eventually(() => runtime.running().length === 0);
    await stopAgent();
    runtime.broken.clear();
    await startAgent();
    await isGone('web');
    expect([runtime.containersById.size, runtime.sandboxesById.size]).toEqual([0, 0]);
  });

  it('keeps the status of a pod that ended before and of which nothing is left', async () => {
    const pod = await createPod('job');
    const status = { phase: 'Failed', reason: 'Evicted', containerStatuses: [] };
    await client.resource(Pod).patch(pod.metadata, 'merge', { status });
    const fleet = await startAgent();
    await eventually(() => fleet.find('default', 'job'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const after = await client.resource(Pod).get({ namespace: 'default', name: 'job' });
    expect(after.status).toEqual(status);
    expect(runtime.containersById.size).toBe(0);
  });
});
