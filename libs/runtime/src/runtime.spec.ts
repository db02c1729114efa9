import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { systemClock, uuid } from '@gantry/base';
import { openCgroups } from './cgroups/cgroups';
import { removeCgroup } from './cgroups/remove';
import { mountsBelow } from './kernel/mounts';
import { openRuntime } from './open-runtime';
import type { ContainerSpec, LogLine, LogOptions, Runtime, RuntimeEvent } from './runtime';
import { busyboxEntries, gzipLayer } from './testing/layers';
import { TinyRegistry } from './testing/tiny-registry';

// Real containers on this machine: as root, with crun or runc, conmon and busybox-static.
jest.setTimeout(30_000);

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const registry = new TinyRegistry();
const cgroupParent = `/gantry-test-${uuid().slice(0, 8)}`;
let folder: string;
let image: string;
let runtime: Runtime;
const events: RuntimeEvent[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-runtime-'));
  image = `${await registry.listen()}/busybox:1`;
  registry.push('1', [await gzipLayer(busyboxEntries())], {
    Cmd: ['sh'],
    Env: ['FROM=image'],
    WorkingDir: '/home/app',
  });
  runtime = await openRuntime({
    root: join(folder, 'root'),
    runDir: join(folder, 'run'),
    networkNamespaceDir: join(folder, 'netns'),
    cgroupParent,
    logger: silent,
  });
  runtime.subscribe((event) => events.push(event));
  await runtime.images.pull(image);
  await runtime.sandboxes.create({
    id: 'pod',
    hostname: 'pod-host',
    network: 'private',
    ipc: 'private',
    sysctls: { 'net.ipv4.ip_forward': '1' },
  });
});

afterAll(async () => {
  for (const { id } of await runtime.containers.list()) await runtime.containers.remove(id);
  for (const { id } of await runtime.sandboxes.list()) await runtime.sandboxes.remove(id);
  const left = { mounts: await mountsBelow(folder), oci: await readdir(join(folder, 'run', 'oci')) };
  await runtime.close();
  await registry.close();
  await rm(folder, { recursive: true });
  await removeCgroup(openCgroups(), cgroupParent, systemClock);
  expect(left).toEqual({ mounts: [], oci: [] });
});

const started = async (id: string, script: string, more: Partial<ContainerSpec> = {}) => {
  await runtime.containers.create({ id, image, sandbox: 'pod', command: ['sh', '-c', script], ...more });
  return runtime.containers.start(id);
};

const output = async (id: string, options: LogOptions = {}) => {
  const lines: LogLine[] = [];
  for await (const line of runtime.containers.logs(id, options)) lines.push(line);
  return lines.map(({ bytes }) => bytes.toString()).join('');
};

const finished = async (id: string, script: string, more: Partial<ContainerSpec> = {}) => {
  await started(id, script, more);
  const { exitCode } = await runtime.containers.wait(id);
  return { exitCode, output: await output(id) };
};

describe('a container', () => {
  it('runs with the image’s settings in the sandbox’s namespaces', async () => {
    const { exitCode, output: said } = await finished(
      'plain',
      'echo $FROM $PWD $(hostname) $(cat /proc/sys/net/ipv4/ip_forward); exit 3',
    );
    expect(said).toBe('image /home/app pod-host 1\n');
    expect(exitCode).toBe(3);
  });

  it('reports each change of state once, in order', async () => {
    await finished('told', 'true');
    await runtime.containers.remove('told');
    const types = events.filter(({ container }) => container.id === 'told').map(({ type }) => type);
    expect(types).toEqual(['created', 'started', 'exited', 'removed']);
  });

  it('runs as the user, with its groups, and without privileges it was not given', async () => {
    const { output: said } = await finished(
      'user',
      'id -u; id -G; grep CapEff /proc/self/status; echo x > /proc/sys/kernel/hostname; mount -t tmpfs x /tmp',
      {
        user: 'app',
        supplementalGroups: [3000],
      },
    );
    expect(said).toContain('1000\n1000 2000 3000\n');
    expect(said).toMatch(/CapEff:\s+0{16}/);
    expect(said).toMatch(/hostname: (Read-only file system|Permission denied|Operation not permitted)/);
    expect(said).toMatch(/mount: (permission denied|mounting .*(Operation not permitted|Permission denied))/);
  });

  it('runs under the seccomp profile, as what is executed in it does', async () => {
    await started('filtered', 'grep Seccomp: /proc/self/status; unshare -r true; sleep 60', {
      security: { noNewPrivileges: true },
    });
    const session = await runtime.containers.exec('filtered', { command: ['grep', 'Seccomp:', '/proc/self/status'] });
    expect(await text(session.stdout)).toMatch(/Seccomp:\s+2/);
    expect(await output('filtered')).toMatch(/Seccomp:\s+2\nunshare: .*(Operation not permitted)/);
  });

  it('mounts files, folders and memory', async () => {
    const file = join(folder, 'hosts');
    await writeFile(file, 'here\n');
    const { output: said } = await finished(
      'mounts',
      'cat /etc/hosts; echo no > /etc/hosts; ls -ld /scratch | head -c 10; ls /made',
      {
        mounts: [
          { type: 'bind', source: file, target: '/etc/hosts', readOnly: true },
          { type: 'tmpfs', target: '/scratch', mode: 0o700 },
          { type: 'bind', source: join(folder, 'made'), target: '/made', createSource: true },
        ],
      },
    );
    expect(said).toContain('here\n');
    expect(said).toContain('Read-only file system');
    expect(said).toContain('drwx------');
    expect((await stat(join(folder, 'made'))).isDirectory()).toBe(true);
  });

  it('is refused with a reason when its program is missing, and leaves nothing', async () => {
    const creation = runtime.containers.create({ id: 'missing', image, sandbox: 'pod', entrypoint: ['/bin/nothing'] });
    await expect(creation.then(() => runtime.containers.start('missing'))).rejects.toThrow(/nothing/);
    await runtime.containers.remove('missing');
    expect(existsSync(join(folder, 'root', 'containers', 'missing'))).toBe(false);
  });

  it.each([
    ['unknown image', { id: 'bad', image: 'no/such:image' }, /no such image/],
    ['unknown user', { id: 'bad', user: 'nobody-here' }, /unable to find user nobody-here/],
    [
      'missing mount source',
      { id: 'bad', mounts: [{ type: 'bind', source: '/no/such', target: '/x' }] },
      /\/no\/such does not exist/,
    ],
    ['id that is a path', { id: '../bad' }, /invalid container id/],
    ['cgroup outside', { id: 'bad', cgroup: '../..' }, /leads out/],
  ] as [string, Partial<ContainerSpec> & { id: string }, RegExp][])('refuses an %s', async (_what, spec, message) => {
    await expect(runtime.containers.create({ image, sandbox: 'pod', ...spec })).rejects.toThrow(message);
    expect(await runtime.containers.get('bad')).toBeUndefined();
    expect(existsSync(join(folder, 'root', 'containers', 'bad'))).toBe(false);
  });

  it('stops when asked, and is killed when it does not', async () => {
    await started('polite', 'trap "exit 7" TERM; while :; do sleep 0.05; done');
    await started('stubborn', 'trap "" TERM; while :; do sleep 0.05; done');
    await runtime.containers.exec('polite', { command: ['true'] }).then(({ exit }) => exit);
    const [polite, stubborn] = await Promise.all([
      runtime.containers.stop('polite', 10),
      runtime.containers.stop('stubborn', 0.3),
    ]);
    expect([polite.exitCode, stubborn.exitCode]).toEqual([7, 137]);
  });

  it('starts again over its own files', async () => {
    await finished('again', 'echo x >> /tmp/count; wc -l < /tmp/count');
    await runtime.containers.start('again');
    await runtime.containers.wait('again');
    expect(await output('again')).toBe('1\n2\n');
  });

  it('that the kernel killed for its memory says so', async () => {
    const command = ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=200M', 'count=1'];
    await runtime.containers.create({
      id: 'oom',
      image,
      sandbox: 'pod',
      command,
      resources: { memoryBytes: 20 << 20 },
    });
    await runtime.containers.start('oom');
    expect(await runtime.containers.wait('oom')).toMatchObject({ exitCode: 137, oomKilled: true });
    expect(events.filter(({ container }) => container.id === 'oom').map(({ type }) => type)).toEqual([
      'created',
      'started',
      'oom',
      'exited',
    ]);
  });

  it('has limits that can be changed, and accounts', async () => {
    await started('limited', 'sleep 60', { resources: { memoryBytes: 64 << 20, pids: 50, cpuShares: 256 } });
    expect(await runtime.containers.stats('limited')).toMatchObject({ memoryLimitBytes: 64 << 20, pids: 1 });
    await runtime.containers.update('limited', { memoryBytes: 96 << 20 });
    expect((await runtime.containers.stats('limited')).memoryLimitBytes).toBe(96 << 20);
  });
});

describe('exec', () => {
  beforeAll(() => started('host', 'sleep 60', { env: ['OWN=1'] }));

  it('passes stdin, stdout, stderr and the exit code', async () => {
    const session = await runtime.containers.exec('host', {
      command: ['sh', '-c', 'cat; echo bad >&2; echo $OWN$MORE > /dev/stdout; exit 5'],
      stdin: true,
      env: ['MORE=2'],
    });
    session.stdin!.end('typed\n');
    expect(await Promise.all([text(session.stdout), text(session.stderr), session.exit])).toEqual([
      'typed\n12\n',
      'bad\n',
      5,
    ]);
  });

  it('gives a terminal of the wanted size', async () => {
    const session = await runtime.containers.exec('host', {
      command: ['sh', '-c', 'read x; stty size; echo $x; tty; exit 6'],
      tty: true,
      stdin: true,
    });
    await session.resize(33, 77);
    session.stdin!.write('hello\n');
    const said = await text(session.stdout);
    expect(said).toContain('33 77\r\nhello\r\n/dev/pts/');
    expect(await session.exit).toBe(6);
  });

  it('ends the program when the client leaves', async () => {
    const session = await runtime.containers.exec('host', { command: ['sh', '-c', 'echo up; sleep 60'] });
    await once(session.stdout, 'data');
    await session.close();
    expect(await session.exit).toBe(137);
  });

  it('reports a missing program', async () => {
    const session = await runtime.containers.exec('host', { command: ['nothing-here'] });
    const [said, exit] = await Promise.all([text(session.stderr), session.exit]);
    expect(said).toContain('nothing-here');
    expect(exit).toBeGreaterThan(0);
  });
});

describe('attach', () => {
  it('misses nothing between create and start, and ends stdin once', async () => {
    await runtime.containers.create({
      id: 'attached',
      image,
      sandbox: 'pod',
      command: ['sh', '-c', 'echo first; cat; exit 4'],
      stdin: true,
      stdinOnce: true,
    });
    const session = await runtime.containers.attach('attached', { stdin: true });
    await runtime.containers.start('attached');
    session.stdin!.end('second\n');
    expect(await text(session.stdout)).toBe('first\nsecond\n');
    expect(await session.exit).toBe(4);
  });
});

describe('logs', () => {
  it('tails, and follows to the end', async () => {
    await started('chatty', 'seq 1 5; sleep 0.3; seq 6 8');
    const followed = output('chatty', { follow: true });
    await runtime.containers.wait('chatty');
    expect(await followed).toBe('1\n2\n3\n4\n5\n6\n7\n8\n');
    expect(await output('chatty', { tail: 2 })).toBe('7\n8\n');
  });
});

it('removes a sandbox with all its containers, namespaces and groups', async () => {
  const { networkNamespace } = await runtime.sandboxes.create({
    id: 'gone',
    hostname: 'x',
    network: 'private',
    ipc: 'private',
  });
  await started('inside', 'sleep 60', { sandbox: 'gone' });
  await runtime.sandboxes.remove('gone');
  expect(await runtime.containers.get('inside')).toBeUndefined();
  expect(existsSync(networkNamespace)).toBe(false);
  expect(openCgroups().roots.filter((root) => existsSync(`${root}${cgroupParent}/gone`))).toEqual([]);
  expect(await readFile('/proc/self/mountinfo', 'utf8')).not.toContain(networkNamespace);
});
