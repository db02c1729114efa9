import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn, type ChildProcess } from 'node:child_process';
import { Etcd3 } from 'etcd3';
import { ConfigMap } from '@gantry/api';
import { HttpsTransport, readKubeconfig, TypedClient } from '@gantry/client';
import { until } from '@gantry/hosts';
import { alternately, print } from './figures';

const ROUNDS = 300;
const LISTED = 1000;
const WATCHERS = 100;
/** As large as a small object of the cluster. */
const VALUE = 'x'.repeat(600);

/** etcd and a control plane of our own, away from any cluster that runs here. */
class Server {
  private constructor(
    private readonly folder: string,
    private readonly processes: ChildProcess[],
    readonly client: TypedClient,
    readonly etcd: Etcd3,
    private readonly transport: HttpsTransport,
  ) {}

  static async open(): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-bench-'));
    const endpoint = 'unix://client:0';
    const peer = 'unix://peer:0';
    const flags = ['--name', 'bench', '--data-dir', join(folder, 'etcd'), '--listen-client-urls', endpoint];
    const more = [
      '--advertise-client-urls',
      endpoint,
      '--listen-peer-urls',
      peer,
      '--initial-advertise-peer-urls',
      peer,
    ];
    const store = spawn('etcd', [...flags, ...more, '--initial-cluster', `bench=${peer}`], {
      cwd: folder,
      stdio: 'ignore',
    });
    const socket = `unix:${folder}/client:0`;
    const kubeconfig = join(folder, 'kubeconfig');
    const settings = [
      '--data-dir',
      folder,
      '--etcd-endpoints',
      socket,
      '--port',
      '16943',
      '--node-gateway-port',
      '16944',
    ];
    const addresses = [
      '--bind-address',
      '127.0.0.1',
      '--node-gateway-address',
      '127.0.0.1',
      '--kubeconfig',
      kubeconfig,
    ];
    const main = ['dist/apps/control-plane/main.js', ...settings, ...addresses];
    const server = spawn(process.execPath, main, { stdio: 'ignore' });
    const cluster = await until('the control plane', 30_000, () => readKubeconfig(kubeconfig));
    const transport = new HttpsTransport(cluster);
    return new Server(folder, [server, store], new TypedClient(transport), new Etcd3({ hosts: socket }), transport);
  }

  async close(): Promise<void> {
    this.transport.close();
    this.etcd.close();
    for (const process of this.processes) process.kill('SIGKILL');
    await until('the processes to end', 10_000, () => this.processes.every(({ signalCode }) => signalCode !== null));
    await rm(this.folder, { recursive: true });
  }
}

async function single({ client, etcd }: Server): Promise<void> {
  const maps = client.resource(ConfigMap);
  let puts = 0;
  let creates = 0;
  let reads = 0;
  const works = [
    { name: 'etcd put', run: () => etcd.put(`bench/${++puts}`).value(VALUE).exec().then(ignore) },
    {
      name: 'API create',
      run: () =>
        maps.create({ metadata: { name: `m-${++creates}`, namespace: 'default' }, data: { VALUE } }).then(ignore),
    },
  ];
  print(await alternately(ROUNDS, works));
  const gets = [
    {
      name: 'etcd get',
      run: () =>
        etcd
          .get(`bench/${(reads++ % puts) + 1}`)
          .string()
          .then(ignore),
    },
    { name: 'API get', run: () => maps.get({ namespace: 'default', name: `m-${(reads % creates) + 1}` }).then(ignore) },
  ];
  print(await alternately(ROUNDS, gets));
}

async function lists({ client, etcd }: Server): Promise<void> {
  const maps = client.resource(ConfigMap);
  for (let i = 0; i < LISTED; i++) {
    await maps.create({ metadata: { name: `l-${i}`, namespace: 'kube-public' }, data: { VALUE } });
    await etcd.put(`list/${i}`).value(VALUE).exec();
  }
  const works = [
    { name: `etcd range of ${LISTED}`, run: () => etcd.getAll().prefix('list/').strings().then(ignore) },
    { name: `API list of ${LISTED}`, run: () => maps.list({ namespace: 'kube-public' }).then(ignore) },
  ];
  print(await alternately(30, works));
}

/** From the write until every watcher has the event. */
async function fanOut({ client, etcd }: Server): Promise<void> {
  const maps = client.resource(ConfigMap);
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  let waiting = 0;
  let all: (() => void) | undefined;
  const arrived = (): void => {
    if (--waiting === 0) all?.();
  };
  const expect = (): Promise<void> => {
    waiting = WATCHERS;
    return new Promise((resolve) => (all = resolve));
  };
  for (let i = 0; i < WATCHERS; i++) {
    const watch = await etcd.watch().prefix('fan/').create();
    watch.on('put', arrived);
    void read(maps.watch({ namespace: 'kube-system', labelSelector: 'bench=fan' }, stop.signal), arrived);
  }
  let writes = 0;
  const metadata = (): object => ({ name: `f-${++writes}`, namespace: 'kube-system', labels: { bench: 'fan' } });
  const raw = async (): Promise<void> => {
    const done = expect();
    await etcd.put(`fan/${++writes}`).value(VALUE).exec();
    await done;
  };
  const api = async (): Promise<void> => {
    const done = expect();
    await maps.create({ metadata: metadata(), data: { VALUE } });
    await done;
  };
  // Watches of the API are set up when the first event has reached all of them.
  await until('all watches', 20_000, async () => {
    const done = expect();
    await maps.create({ metadata: metadata(), data: {} });
    return Promise.race([done.then(() => true), sleep(500, false)]);
  });
  print(
    await alternately(50, [
      { name: `etcd: put to ${WATCHERS} watchers`, run: raw },
      { name: `API: create to ${WATCHERS} watchers`, run: api },
    ]),
  );
  stop.abort();
}

async function read(events: AsyncIterable<unknown>, arrived: () => void): Promise<void> {
  try {
    const reader = events[Symbol.asyncIterator]();
    while (!(await reader.next()).done) arrived();
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
  }
}

function ignore(): void {
  // Only the time counts.
}

async function main(): Promise<void> {
  const server = await Server.open();
  try {
    await until('the API', 20_000, () => server.client.resource(ConfigMap).list({ namespace: 'default' }));
    await single(server);
    await lists(server);
    await fanOut(server);
  } finally {
    await server.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
