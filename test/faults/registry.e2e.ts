import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { digestOf, ImageBuilder, ImageCache, pushImage, RegistryClient, type BlobSource } from '@gantry/oci';
import { CHECKOUT, succeed } from '../e2e/cluster/command';
import { eventually } from '../e2e/cluster/eventually';

const MAIN = join(CHECKOUT, 'dist/apps/registry/main.js');

/** A registry in a process of its own, which can be killed and started again. */
class RegistryProcess {
  private child?: ChildProcess;
  constructor(
    private readonly folder: string,
    readonly port: number,
  ) {}

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const args = [MAIN, `--data-dir=${this.folder}`, `--port=${this.port}`, '--log-level=error'];
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    await eventually('the registry', async () => (await fetch(`http://${this.host}/v2/`)).ok);
  }

  async kill(): Promise<void> {
    if (!this.child || this.child.signalCode) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

const content = randomBytes(40_000_000);
const digest = digestOf(content);
const PIECE = 500_000;

/** The content at some 50 MB/s, so that there is a middle to be killed in; `sent` is called as it goes. */
function slowly(start: number, end: number, sent: (total: number) => void): Readable {
  async function* pieces() {
    for (let at = start; at < end; at += PIECE) {
      await pause(10);
      yield content.subarray(at, Math.min(end, at + PIECE));
      sent(at + PIECE);
    }
  }
  return Readable.from(pieces(), { objectMode: false });
}

describe('a registry', () => {
  let folder: string;
  let registry: RegistryProcess;
  let client: RegistryClient;
  const repository = () => client.repository({ domain: registry.host, path: 'faults/x' }, { push: true });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gantry-registry-'));
    registry = new RegistryProcess(join(folder, 'data'), await freePort());
    client = new RegistryClient({ retry: { initial: 200, max: 2000, attempts: 8 } });
    await registry.start();
  });
  afterEach(async () => {
    client.close();
    await registry.kill();
    await rm(folder, { recursive: true });
  });

  it('killed in the middle of a push has nothing half there, and the push goes on', async () => {
    const positions: number[] = [];
    let killed: Promise<void> | undefined;
    const source: BlobSource = {
      digest,
      size: content.length,
      open(start, end) {
        positions.push(start);
        return slowly(start, end, (total) => {
          if (total > content.length / 2) killed ??= registry.kill();
        });
      },
    };
    const pushing = repository().pushBlob(source);
    await eventually('the kill', () => Promise.resolve(killed !== undefined));
    await killed;
    expect(await readdir(join(folder, 'data'))).not.toContain('blobs');
    await registry.start();
    await pushing;
    expect(positions).toHaveLength(2);
    expect(positions[1]).toBeGreaterThan(0);
    expect(await repository().hasBlob(digest)).toBe(true);
  }, 60_000);

  it('killed in the middle of a pull lets the pull go on', async () => {
    await repository().pushBlob({ digest, size: content.length, open: (start, end) => content.subarray(start, end) });
    let received = 0;
    let killed = false;
    for await (const chunk of repository().blob({ mediaType: 'x', digest, size: content.length })) {
      received += (chunk as Buffer).length;
      if (killed || received < content.length / 2) continue;
      killed = true;
      await registry.kill();
      await registry.start();
    }
    expect(received).toBe(content.length);
  }, 60_000);

  it('serves skopeo: copy, inspect, list, copy back, delete', async () => {
    const cache = new ImageCache(join(folder, 'images'));
    const recipe = {
      repository: 'tools/hello',
      tags: ['v1'],
      text: { '/hello': 'hello' },
      config: { Cmd: ['/hello'] },
    };
    const [image] = await new ImageBuilder(cache, [recipe]).build();
    const path = image!.repository;
    await pushImage(image!, cache, client.repository({ domain: registry.host, path }, { push: true }));
    const there = (tag: string) => `docker://${registry.host}/${path}:${tag}`;
    const skopeo = (...args: string[]) => succeed('skopeo', args);
    const plain = ['--src-tls-verify=false', '--dest-tls-verify=false'];

    await skopeo('--insecure-policy', 'copy', ...plain, there('v1'), `oci:${folder}/copy:v1`);
    await skopeo('--insecure-policy', 'copy', ...plain, '--format=v2s2', `oci:${folder}/copy:v1`, there('docker'));
    await skopeo('--insecure-policy', 'copy', ...plain, there('v1'), there('again'));
    const inspected = JSON.parse(await skopeo('inspect', '--tls-verify=false', there('again'))) as { Digest: string };
    expect(inspected.Digest).toBe(image!.manifest.digest);
    await skopeo('delete', '--tls-verify=false', there('docker'));
    const listed = await skopeo('list-tags', '--tls-verify=false', `docker://${registry.host}/${path}`);
    expect((JSON.parse(listed) as { Tags: string[] }).Tags).toEqual(['again', 'v1']);
  }, 60_000);
});
