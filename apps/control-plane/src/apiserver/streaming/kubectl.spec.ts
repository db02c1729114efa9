import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { StreamingCluster } from './testing/streaming-cluster';

const FOLDERS = ['/usr/bin', '/usr/lib/google-cloud-sdk/bin'];
const kubectls = ['kubectl', 'kubectl.1.28', 'kubectl.1.33'].flatMap((name) =>
  FOLDERS.map((folder) => join(folder, name))
    .filter((path) => existsSync(path))
    .slice(0, 1),
);

const protocols = kubectls
  .flatMap((kubectl) =>
    ['true', 'false'].map((webSockets) => ({
      kubectl,
      webSockets,
      name: `${basename(kubectl)} ${webSockets === 'true' ? 'WebSocket' : 'SPDY'}`,
    })),
  )
  // 1.28 speaks SPDY only.
  .filter(({ name }) => name !== 'kubectl.1.28 WebSocket');

jest.setTimeout(30_000);

(protocols.length > 0
  ? describe.each(protocols)
  : describe.skip.each([{ kubectl: '', webSockets: '', name: 'kubectl is not installed' }]))(
  '$name',
  ({ kubectl, webSockets }) => {
    let cluster: StreamingCluster;
    let home: string;

    beforeAll(async () => {
      cluster = await StreamingCluster.start();
      home = await mkdtemp(join(tmpdir(), 'kubectl-'));
      cluster.addPod('web');
      cluster.addPod('two', ['a', 'b']);
      cluster.addPod('dead', ['stopped']);
    });

    afterAll(async () => {
      await cluster.stop();
      await rm(home, { recursive: true });
    });

    function start(...args: string[]): ChildProcessWithoutNullStreams {
      const env = {
        PATH: process.env.PATH,
        HOME: home,
        KUBECONFIG: '/dev/null',
        KUBECTL_REMOTE_COMMAND_WEBSOCKETS: webSockets,
        KUBECTL_PORT_FORWARD_WEBSOCKETS: webSockets,
      };
      return spawn(kubectl, ['--server', cluster.url, ...args], { env });
    }

    async function run(args: string[], stdin?: Buffer | string): Promise<{ code: number; out: Buffer; err: string }> {
      const child = start(...args);
      const out: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
      const err = text(child.stderr);
      child.stdin.on('error', () => undefined);
      child.stdin.end(stdin);
      const [code] = (await once(child, 'close')) as [number];
      return { code, out: Buffer.concat(out), err: await err };
    }

    it('exec keeps stdout and stderr apart and brings the exit code back', async () => {
      const { code, out, err } = await run(['exec', 'web', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3']);
      expect(out.toString()).toBe('out\n');
      expect(err).toContain('err\n');
      expect(err).toContain('command terminated with exit code 3');
      expect(code).toBe(3);
    });

    it('exec -i passes megabytes both ways and the end of stdin', async () => {
      const sent = Buffer.alloc(5_000_000, 'gantry-');
      const { code, out } = await run(['exec', '-i', 'web', '--', 'cat'], sent);
      expect([code, out.equals(sent)]).toEqual([0, true]);
    });

    it('exec -it has a terminal of the size of the user’s', async () => {
      const env = `KUBECTL_REMOTE_COMMAND_WEBSOCKETS=${webSockets} KUBECONFIG=/dev/null HOME=${home}`;
      const command = `stty rows 33 cols 101; ${env} ${kubectl} --server ${cluster.url} exec -it web -- tty`;
      const out = execFileAsync('script', ['-qec', command, '/dev/null']);
      expect(await out).toMatch(/\/dev\/pts\/\d+/);
      expect(cluster.actions.sizes).toContainEqual([33, 101]);
    });

    it('exec says why it could not begin', async () => {
      expect((await run(['exec', 'dead', '--', 'true'])).err).toContain('containers "stopped" not found');
      expect((await run(['exec', 'two', '-c', 'none', '--', 'true'])).err).toMatch(
        /container none (is not valid for|not found in) pod two/,
      );
    });

    it('cp brings files there and back', async () => {
      const [from, there, back] = ['from', 'there', 'back'].map((name) => join(home, name)) as [string, string, string];
      await writeFile(from, Buffer.alloc(300_000, 'x'));
      expect(await run(['cp', from, `web:${there}`])).toMatchObject({ err: '', code: 0 });
      expect(await run(['cp', `web:${there}`, back])).toMatchObject({ code: 0 });
      expect((await readFile(back)).equals(await readFile(from))).toBe(true);
    });

    it('attach -i speaks with the container’s process', async () => {
      const { out } = await run(['attach', '-i', 'web'], 'hello\n');
      expect(out.toString()).toContain('hello\n');
    });

    it('a user who leaves ends the exec', async () => {
      const child = start('exec', 'web', '--', 'sh', '-c', 'echo begun; exec sleep 60');
      await once(child.stdout, 'data');
      expect(cluster.actions.running).toBe(1);
      child.kill('SIGKILL');
      for (let i = 0; i < 300 && cluster.actions.running > 0; i++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      expect(cluster.actions.running).toBe(0);
    });

    describe('port-forward', () => {
      let upper: Server;
      let forwarding: ChildProcessWithoutNullStreams;
      let local: number;

      beforeAll(async () => {
        upper = createServer({ allowHalfOpen: true }, (socket) => {
          socket.on('data', (chunk: Buffer) => socket.write(chunk.toString().toUpperCase()));
          socket.on('end', () => socket.end());
        }).listen(0, '127.0.0.1');
        await once(upper, 'listening');
        forwarding = start('port-forward', 'web', `:${(upper.address() as AddressInfo).port}`);
        const [line] = (await once(forwarding.stdout, 'data')) as [Buffer];
        local = Number(/127.0.0.1:(\d+)/.exec(line.toString())![1]);
      });

      afterAll(() => {
        forwarding.kill();
        upper.close();
      });

      it('carries many connections at a time, half-closed and large', async () => {
        const answers = await Promise.all(
          Array.from({ length: 20 }, async (_, i) => {
            const connection = connect({ port: local, host: '127.0.0.1', allowHalfOpen: true });
            connection.end(`${i}`.repeat(i * 10_000) + 'end');
            return text(connection);
          }),
        );
        answers.forEach((answer, i) => {
          expect(answer === `${i}`.repeat(i * 10_000) + 'END').toBe(true);
        });
      });
    });

    it('port-forward tells that nothing listens', async () => {
      const forwarding = start('port-forward', 'web', ':1');
      const [line] = (await once(forwarding.stdout, 'data')) as [Buffer];
      const error = text(forwarding.stderr);
      const connection = connect(Number(/127.0.0.1:(\d+)/.exec(line.toString())![1]), '127.0.0.1');
      await once(connection, 'close');
      await new Promise((resolve) => setTimeout(resolve, 100));
      forwarding.kill();
      expect(await error).toContain('error forwarding port 1 to pod web');
    });

    if (webSockets === 'true') {
      it('logs', async () => {
        cluster.actions.logLines = [1, 2, 3].map((n) => ({
          stream: 'stdout',
          time: `2026-01-01T00:00:0${n}.000000000Z`,
          bytes: Buffer.from(`line ${n}\n`),
        }));
        expect((await run(['logs', 'web', '--tail=2', '--timestamps', '--since=1h'])).out.toString()).toBe(
          '2026-01-01T00:00:02.000000000Z line 2\n2026-01-01T00:00:03.000000000Z line 3\n',
        );
        expect(cluster.actions.lastLogs).toMatchObject({ tail: 2, follow: false, previous: false });
        expect((await run(['logs', 'web', '--limit-bytes=9'])).out.toString()).toBe('line 1\nli');
        const follow = start('logs', '-f', 'web');
        let seen = '';
        follow.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
        await once(follow.stdout, 'data');
        cluster.actions.followed.write({ stream: 'stdout', time: '', bytes: Buffer.from('more\n') });
        for (let i = 0; i < 300 && !seen.includes('more'); i++) await new Promise((resolve) => setTimeout(resolve, 10));
        expect(seen).toBe('line 1\nline 2\nline 3\nmore\n');
        follow.kill();
        await once(cluster.actions.followed, 'close');
      });
    }
  },
);

function execFileAsync(file: string, args: string[]): Promise<string> {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return text(child.stdout);
}
