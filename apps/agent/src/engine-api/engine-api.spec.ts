import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { FakeClock } from '@gantry/testing';
import { FakeRuntime } from '../pods/testing/fake-runtime';
import { EngineApi } from './engine-api';

const clock = new FakeClock();
let folder: string;
let api: EngineApi;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-engine-'));
  const fake = new FakeRuntime(clock);
  const runtime = fake.open();
  await runtime.images.pull('docker.io/library/busybox:1');
  const labels = { 'io.kubernetes.pod.name': 'p', 'io.kubernetes.pod.namespace': 'd', 'io.kubernetes.pod.uid': 'u' };
  const image = 'sha256:docker.io/library/busybox:1';
  for (const name of ['one', 'two']) {
    const id = name.repeat(10);
    await runtime.containers.create({
      id,
      image,
      command: ['sleep', '9'],
      labels: { ...labels, 'io.kubernetes.container.name': name },
    });
    await runtime.containers.start(id);
  }
  fake.exit('two'.repeat(10), 3);
  await clock.advance(120_000);
  api = await EngineApi.listen(join(folder, 'docker.sock'), 'n1', runtime, clock);
});

afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

function get(path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: join(folder, 'docker.sock'), path, agent: false }, (response) => {
      text(response).then((body) => {
        resolve({ status: response.statusCode!, body });
      }, reject);
    });
    asked.on('error', reject).end();
  });
}

const json = async (path: string): Promise<unknown> => JSON.parse((await get(path)).body);

describe('the Docker Engine API', () => {
  it('answers a ping', async () => {
    expect(await get('/_ping')).toEqual({ status: 200, body: 'OK' });
  });

  it('lists containers that run, or all', async () => {
    expect(await json('/v1.44/containers/json')).toMatchObject([
      { Names: ['/k8s_one_p_d_u_0'], Image: 'busybox:1', State: 'running', Status: 'Up 2 minutes' },
    ]);
    const all = (await json('/containers/json?all=1')) as { Status: string }[];
    expect(all.map(({ Status }) => Status)).toContain('Exited (3) 2 minutes ago');
  });

  it('shows one container by a beginning of its id', async () => {
    expect(await json('/containers/twotwo/json')).toMatchObject({
      State: { Running: false, ExitCode: 3 },
      Args: ['9'],
    });
  });

  it('lists images by their short names', async () => {
    expect(await json('/images/json')).toMatchObject([{ RepoTags: ['busybox:1'] }]);
  });

  it.each([['/info'], ['/version']])('tells %s', async (path) => {
    expect((await get(path)).status).toBe(200);
  });

  it.each([
    ['/containers/none/json', 'No such container: none'],
    ['/networks', 'page not found'],
  ])('answers %s in Docker’s words', async (path, message) => {
    expect(await get(path)).toEqual({ status: 404, body: JSON.stringify({ message }) });
  });
});
