import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'esbuild';
import { systemClock, uuid } from '@gantry/base';
import { openCgroups } from './cgroups/cgroups';
import { removeCgroup } from './cgroups/remove';
import { identifyProcess, signalProcess } from './kernel/processes';
import { mountsBelow, unmountIfMounted } from './kernel/mounts';
import { openRuntime } from './open-runtime';
import type { Container, LogLine, Runtime, RuntimeEvent } from './runtime';
import { busyboxEntries, gzipLayer } from './testing/layers';
import { TinyRegistry } from './testing/tiny-registry';

// The engine is killed with -9, and another takes over what it left.
jest.setTimeout(30_000);

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const registry = new TinyRegistry();
const cgroupParent = `/gantry-test-${uuid().slice(0, 8)}`;
let folder: string;
let image: string;
let program: string;
let runtime: Runtime | undefined;

const options = () => ({
  root: join(folder, 'root'),
  runDir: join(folder, 'run'),
  networkNamespaceDir: join(folder, 'netns'),
  cgroupParent,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-adopt-'));
  image = `${await registry.listen()}/busybox:1`;
  registry.push('1', [await gzipLayer(busyboxEntries())], { Cmd: ['sh'] });
  // Beside the node_modules that the program's imports are found in.
  program = join(process.cwd(), 'node_modules', '.cache', `engine-process-${uuid()}.cjs`);
  await build({
    entryPoints: [join(__dirname, 'testing', 'engine-process.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    tsconfig: 'tsconfig.json',
  });
});

afterEach(async () => {
  for (const { id } of (await runtime?.containers.list()) ?? []) await runtime!.containers.remove(id);
  await runtime?.close();
  runtime = undefined;
});

afterAll(async () => {
  await registry.close();
  await removeCgroup(openCgroups(), cgroupParent, systemClock);
  await Promise.all([folder, program].map((path) => rm(path, { recursive: true, force: true })));
});

class EngineProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
    private readonly reader: Interface,
  ) {}

  static async start(): Promise<EngineProcess> {
    const child = spawn(process.execPath, [program, JSON.stringify(options())], { stdio: ['pipe', 'pipe', 'inherit'] });
    const reader = createInterface({ input: child.stdout });
    const engine = new EngineProcess(child, reader[Symbol.asyncIterator](), reader);
    await engine.lines.next();
    return engine;
  }

  send(call: string, argument: unknown): void {
    this.child.stdin!.write(`${JSON.stringify({ call, argument })}\n`);
  }

  async do<T>(call: string, argument: unknown): Promise<T> {
    this.send(call, argument);
    return JSON.parse((await this.lines.next()).value as string) as T;
  }

  async kill(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
    this.reader.close();
  }
}

const reopen = async (): Promise<Runtime> => (runtime = await openRuntime({ ...options(), logger: silent }));

const begin = async (id: string, script: string): Promise<{ engine: EngineProcess; before: Container }> => {
  const engine = await EngineProcess.start();
  await engine.do('pull', image);
  await engine.do('create', { id, image, command: ['sh', '-c', script] });
  return { engine, before: await engine.do<Container>('start', id) };
};

const eventOf = (type: RuntimeEvent['type']) =>
  new Promise<Container>((resolve) => {
    const subscription = runtime!.subscribe((event) => {
      if (event.type !== type) return;
      void subscription.close();
      resolve(event.container);
    });
  });

it('adopts what runs: same process, same log, and its end is noticed', async () => {
  const { engine, before } = await begin('runs', 'echo before; sleep 1; echo after; exit 9');
  await engine.kill();
  const { containers } = await reopen();
  expect(await containers.get('runs')).toMatchObject({
    phase: 'running',
    pid: before.pid,
    startedAt: before.startedAt,
  });
  const exit = await eventOf('exited');
  expect(exit).toMatchObject({ id: 'runs', exitCode: 9 });
  const lines: LogLine[] = [];
  for await (const line of containers.logs('runs', {})) lines.push(line);
  expect(lines.map(({ bytes }) => bytes.toString())).toEqual(['before\n', 'after\n']);
});

it('reports code and time of what ended while no engine ran', async () => {
  const { engine } = await begin('ended', 'sleep 0.3; exit 5');
  await engine.kill();
  await delay(700);
  const reopened = Date.now();
  const ended = await (await reopen()).containers.get('ended');
  expect(ended).toMatchObject({ phase: 'exited', exitCode: 5 });
  expect(Date.parse(ended!.finishedAt!)).toBeLessThan(reopened - 200);
});

it('says nothing of the exit code when the monitor was killed too', async () => {
  const { engine } = await begin('alone', 'sleep 0.7; exit 5');
  await engine.kill();
  const monitor = Number(await readFile(join(folder, 'run', 'containers', 'alone', 'conmon.pid'), 'utf8'));
  signalProcess(identifyProcess(monitor)!, 9);
  const { containers } = await reopen();
  expect((await containers.get('alone'))?.phase).toBe('running');
  const ended = await containers.wait('alone');
  expect(ended.phase).toBe('exited');
  expect(ended.exitCode).toBeUndefined();
});

it.each([5, 15, 25, 40, 60])('repairs a creation cut after %i ms', async (ms) => {
  const engine = await EngineProcess.start();
  await engine.do('pull', image);
  engine.send('create', { id: 'cut', image, command: ['sleep', '60'] });
  await delay(ms);
  await engine.kill();
  const { containers } = await reopen();
  const left = await containers.get('cut');
  if (left) expect(left).toMatchObject({ phase: 'created' });
  else expect(existsSync(join(folder, 'root', 'containers', 'cut'))).toBe(false);
  // Whatever was left, the same wish leads to the same end.
  await containers.create({ id: 'cut', image, command: ['sleep', '60'] });
  expect(await containers.start('cut')).toMatchObject({ phase: 'running' });
});

it.each([2, 8, 20])('finishes a start cut after %i ms', async (ms) => {
  const engine = await EngineProcess.start();
  await engine.do('pull', image);
  const { pid } = await engine.do<Container>('create', { id: 'cut', image, command: ['sleep', '60'] });
  engine.send('start', 'cut');
  await delay(ms);
  await engine.kill();
  const { containers } = await reopen();
  expect(await containers.start('cut')).toMatchObject({ phase: 'running', pid });
});

it.each([2, 10, 30])('finishes a removal cut after %i ms', async (ms) => {
  const { engine } = await begin('cut', 'sleep 60');
  engine.send('remove', 'cut');
  await delay(ms);
  await engine.kill();
  const { containers } = await reopen();
  await containers.remove('cut');
  expect(await containers.get('cut')).toBeUndefined();
  expect(existsSync(join(folder, 'root', 'containers', 'cut'))).toBe(false);
});

it('keeps sandboxes whose namespaces are there, and clears away those that a reboot emptied', async () => {
  const before = await reopen();
  const kept = await before.sandboxes.create({ id: 'kept', hostname: 'h', network: 'private', ipc: 'private' });
  const lost = await before.sandboxes.create({ id: 'lost', hostname: 'h', network: 'private', ipc: 'private' });
  await before.close();
  await unmountIfMounted(lost.networkNamespace);
  const { sandboxes } = await reopen();
  expect(await sandboxes.list()).toEqual([kept]);
  await sandboxes.remove('kept');
  expect(await mountsBelow(folder)).toEqual([]);
});

it('has one owner at a time', async () => {
  await reopen();
  await expect(openRuntime({ ...options(), logger: silent })).rejects.toThrow(
    /another process has the runtime in .* open/,
  );
});
