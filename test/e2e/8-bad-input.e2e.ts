import { run, succeed } from './cluster/command';
import { eventually } from './cluster/eventually';
import { freshNamespace, type Kubectl } from './cluster/kubectl';
import { deployment, type PodView } from './cluster/manifests';

describe('bad input', () => {
  let kubectl: Kubectl;
  beforeAll(async () => {
    kubectl = await freshNamespace('bad');
  });
  afterAll(() => succeed('kubectl', ['delete', 'namespace', kubectl.namespace, '--wait=false']));

  const refused = async (manifest: object, ...args: string[]): Promise<string> => {
    const { code, stderr } = await kubectl.try(['create', ...args, '-f', '-'], { input: JSON.stringify(manifest) });
    expect(code).toBe(1);
    return stderr;
  };
  const configMap = (name: string, data: object): object => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data,
  });

  it('tells a field that does not exist, and what was meant', async () => {
    const manifest = deployment('x') as { spec: Record<string, unknown> };
    manifest.spec['replica'] = 3;
    expect(await refused(manifest)).toMatch(/strict decoding error: unknown field "spec\.replica"/);
  });

  it('tells a wrong type', async () => {
    const manifest = deployment('x') as { spec: Record<string, unknown> };
    manifest.spec['replicas'] = 'three';
    expect(await refused(manifest, '--validate=false')).toMatch(
      /cannot unmarshal string into Go struct field \S+replicas of type int32/,
    );
  });

  it('tells every rule that is broken, by its field', async () => {
    const manifest = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'Bad_Name' },
      spec: { containers: [{ name: 'a' }, { name: 'a', image: 'busybox' }] },
    };
    const said = await refused(manifest, '--validate=false');
    expect(said).toMatch(/Pod "Bad_Name" is invalid/);
    expect(said).toContain('metadata.name: Invalid value: "Bad_Name"');
    expect(said).toContain('spec.containers[1].name: Duplicate value: "a"');
    expect(said).toContain('spec.containers[0].image: Required value');
  });

  it('refuses to change what cannot change, names that are taken, and stale versions', async () => {
    await kubectl.apply(deployment('fixed'));
    const selector = '{"spec":{"selector":{"matchLabels":{"app":"other"}}}}';
    expect((await kubectl.try(['patch', 'deployment', 'fixed', '-p', selector])).stderr).toContain(
      'field is immutable',
    );
    expect(await refused(deployment('fixed'))).toContain(
      '(AlreadyExists): error when creating "STDIN": deployments.apps "fixed" already exists',
    );
    const stale = await kubectl.json<{ metadata: { labels?: object } }>('get', 'deployment', 'fixed');
    await kubectl.do('label', 'deployment', 'fixed', 'a=b');
    const { stderr } = await kubectl.try(['replace', '-f', '-'], { input: JSON.stringify(stale) });
    expect(stderr).toContain(
      'the object has been modified; please apply your changes to the latest version and try again',
    );
  });

  it('refuses bodies over 3 MiB', async () => {
    const manifest = configMap('large', { text: 'x'.repeat(3.2 * 2 ** 20) });
    expect(await refused(manifest, '--validate=false')).toMatch(/RequestEntityTooLarge|too large/i);
    expect((await kubectl.try(['get', 'configmap', 'large'])).stderr).toContain('(NotFound)');
  });

  it("tells an image that does not exist in the registry's own words", async () => {
    await kubectl.apply(deployment('imageless', { image: '127.0.0.1:5000/no/image:v1' }));
    const [pod] = await eventually(
      'the back-off',
      () => kubectl.items<PodView>('pods', '-l', 'app=imageless'),
      ([first]) => first?.status.containerStatuses?.[0]?.state.waiting?.reason === 'ImagePullBackOff',
    );
    const described = await kubectl.do('describe', 'pod', pod!.metadata.name);
    expect(described).toContain('ErrImagePull');
    expect(described).toMatch(/manifest unknown|repository name not known/i);
  }, 60_000);

  it('tells a registry that cannot be reached', async () => {
    await kubectl.apply(deployment('lonely', { image: '10.77.0.1:5999/some/image:v1' }));
    const [pod] = await eventually(
      'the failure',
      () => kubectl.items<PodView>('pods', '-l', 'app=lonely'),
      ([first]) =>
        /ErrImagePull|ImagePullBackOff/.test(first?.status.containerStatuses?.[0]?.state.waiting?.reason ?? ''),
      60_000,
    );
    expect(await kubectl.do('describe', 'pod', pod!.metadata.name)).toMatch(
      /10\.77\.0\.1:5999.*(refused|ECONNREFUSED)/,
    );
  }, 90_000);

  it('refuses strangers', async () => {
    const answer = await run('curl', ['-sk', 'https://127.0.0.1:6443/api/v1/pods']);
    expect(JSON.parse(answer.stdout)).toMatchObject({ kind: 'Status', status: 'Failure', code: 401 });
  });
});
