import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Pod } from '@gantry/api';
import { HttpsTransport, readKubeconfig, TypedClient } from '@gantry/client';
import { command, ensureLan, onHost, powerOff, powerOn, removeLan, until, type HostSpec } from '@gantry/hosts';
import { alternately, percentile, print } from './figures';

const execute = promisify(execFile);
const ROUNDS = 30;
const IMAGE = 'busybox:1.35';
const KUBECONFIG = resolve('.gantry/admin.kubeconfig');

/** From the creation of a pod through the API until a watcher sees its container run. */
class Gantry {
  private constructor(
    private readonly transport: HttpsTransport,
    private readonly client: TypedClient,
    private readonly stop: AbortController,
  ) {}

  private readonly running = new Map<string, () => void>();
  private made = 0;

  static async open(): Promise<Gantry> {
    const transport = new HttpsTransport(await readKubeconfig(KUBECONFIG));
    const gantry = new Gantry(transport, new TypedClient(transport), new AbortController());
    void gantry.watch();
    return gantry;
  }

  async start(): Promise<void> {
    const name = `bench-${process.pid}-${++this.made}`;
    const seen = new Promise<void>((done) => this.running.set(name, done));
    const containers = [
      { name: 'c', image: IMAGE, command: ['sleep', '600'], imagePullPolicy: 'IfNotPresent' as const },
    ];
    await this.client
      .resource(Pod)
      .create({ metadata: { name, namespace: 'default' }, spec: { containers, terminationGracePeriodSeconds: 0 } });
    await seen;
  }

  async close(): Promise<void> {
    for (let i = 1; i <= this.made; i++) {
      await this.client.resource(Pod).delete({ namespace: 'default', name: `bench-${process.pid}-${i}` });
    }
    this.stop.abort();
    this.transport.close();
  }

  private async watch(): Promise<void> {
    const events = this.client.resource(Pod).watch({ namespace: 'default' }, this.stop.signal);
    for await (const { object } of events) {
      if (object.status.containerStatuses?.[0]?.state?.running) this.running.get(object.metadata.name)?.();
    }
  }
}

/** Debian's Docker engine on a host of its own, so that its bridge and rules touch nobody else's. */
class Docker {
  private constructor(
    private readonly host: HostSpec,
    private readonly engine: ChildProcess,
    private readonly socket: string,
  ) {}

  static async open(folder: string): Promise<Docker> {
    const lan = { bridge: 'gb-bench0', address: '10.78.0.1', prefixLength: 24, ranges: ['10.78.0.0/16'] };
    await ensureLan(lan);
    const host = { name: 'bench', address: '10.78.0.11', lan, folder: join(folder, 'host'), cgroup: '/gantry-bench' };
    const socket = join(folder, 'docker.sock');
    const flags = [
      '--data-root',
      join(folder, 'data'),
      '--exec-root',
      join(folder, 'exec'),
      '--pidfile',
      join(folder, 'pid'),
    ];
    const line = onHost(await powerOn(host), [
      'dockerd',
      ...flags,
      '--host',
      `unix://${socket}`,
      '--cgroup-parent',
      host.cgroup,
    ]);
    const engine = spawn(line[0]!, line.slice(1), { stdio: 'ignore' });
    const docker = new Docker(host, engine, socket);
    await until('dockerd', 30_000, () => docker.run('version'));
    const archive = join(folder, 'busybox.tar');
    const source = 'docker://127.0.0.1:5000/library/busybox:1.35';
    await command('skopeo', [
      '--insecure-policy',
      'copy',
      '--src-tls-verify=false',
      source,
      `docker-archive:${archive}:${IMAGE}`,
    ]);
    await docker.run('load', '-i', archive);
    return docker;
  }

  async start(): Promise<void> {
    await this.run('run', '-d', IMAGE, 'sleep', '600');
  }

  async close(): Promise<void> {
    await powerOff(this.host);
    this.engine.kill('SIGKILL');
    await removeLan(this.host.lan);
  }

  async run(...args: string[]): Promise<string> {
    return (await execute('/usr/bin/docker', ['-H', `unix://${this.socket}`, ...args])).stdout;
  }
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-bench-'));
  const gantry = await Gantry.open();
  const docker = await Docker.open(folder);
  try {
    // The first of each pulls the image or fills caches.
    for (let i = 0; i < 3; i++) await gantry.start();
    await docker.start();
    const series = await alternately(ROUNDS, [
      { name: 'pod: create → Running seen', run: () => gantry.start() },
      { name: 'docker run -d', run: () => docker.start() },
    ]);
    print(series);
    const [pod, run] = series.map(({ samples }) => percentile(samples, 0.5));
    console.log(`a pod starts ${(run! / pod!).toFixed(1)} times as fast as docker run -d (aim: 4, and p50 ≤ 75 ms)`);
  } finally {
    await gantry.close();
    await docker.close();
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
