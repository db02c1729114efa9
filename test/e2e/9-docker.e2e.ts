import { succeed } from './cluster/command';
import { freshNamespace, type Kubectl } from './cluster/kubectl';
import { deployment } from './cluster/manifests';

interface DockerContainer {
  Image: string;
  State: string;
  Labels: Record<string, string>;
}

describe("a node's Docker socket", () => {
  let kubectl: Kubectl;
  beforeAll(async () => {
    kubectl = await freshNamespace('docker');
    await kubectl.apply(deployment('seen', { spec: { nodeSelector: { 'kubernetes.io/hostname': 'node-1' } } }));
    await kubectl.do('rollout', 'status', 'deployment/seen', '--timeout=60s');
  }, 70_000);
  afterAll(() => succeed('kubectl', ['delete', 'namespace', kubectl.namespace, '--wait=false']));

  const ask = async (path: string): Promise<unknown> =>
    JSON.parse(
      await succeed('curl', ['-s', '--unix-socket', '/run/gantry/node-1/docker.sock', `http://docker${path}`]),
    );

  it('shows its containers and images in shapes Docker clients know', async () => {
    const containers = (await ask('/v1.41/containers/json')) as DockerContainer[];
    const own = containers.filter(({ Labels }) => Object.values(Labels).includes(kubectl.namespace));
    expect(own).toMatchObject([{ Image: 'busybox:latest', State: 'running' }]);
    const images = (await ask('/v1.41/images/json')) as { RepoTags: string[] }[];
    expect(images.flatMap(({ RepoTags }) => RepoTags)).toContain('busybox:latest');
    expect(await ask('/version')).toMatchObject({ ApiVersion: expect.stringMatching(/^1\./) });
  });

  it('answers what it does not do in the way of Docker', async () => {
    expect(await ask('/v1.41/containers/nobody/json')).toEqual({ message: expect.stringContaining('nobody') });
  });
});
