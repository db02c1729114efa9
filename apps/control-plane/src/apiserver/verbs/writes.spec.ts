import { type ApiRequest, ConfigMap, Deployment, type KubeObject, Namespace, Pod, Service } from '@gantry/api';
import { nodeUser } from '../../auth/users';
import { World } from '../../testing/world';

const namespace = 'default';
const key = (name: string): { namespace: string; name: string } => ({ namespace, name });
const podSpec = { containers: [{ name: 'main', image: 'busybox' }] };
const template = { metadata: { labels: { app: 'x' } }, spec: podSpec };
const deployment = (name: string) => ({
  metadata: key(name),
  spec: { selector: { matchLabels: { app: 'x' } }, template },
});

describe('writes', () => {
  let world: World;
  beforeEach(async () => void (world = await World.start()));
  afterEach(() => world.close());

  const request = (partial: Partial<ApiRequest>): Promise<unknown> =>
    world.transport().request({ verb: 'get', group: '', version: 'v1', resource: 'configmaps', namespace, ...partial });
  const configMaps = () => world.client.resource(ConfigMap);
  const pods = () => world.client.resource(Pod);

  describe('create', () => {
    it('gives identity, defaults and a first generation, and ignores a status', async () => {
      const status = { replicas: 9 };
      const made = await world.client.resource(Deployment).create({ ...deployment('d'), status });
      expect(made.metadata).toMatchObject({ name: 'd', generation: 1 });
      expect(made.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(Number(made.metadata.resourceVersion)).toBeGreaterThan(0);
      expect(made.spec).toMatchObject({ replicas: 1, revisionHistoryLimit: 10 });
      expect(made.status.replicas).not.toBe(9);
    });

    it('makes unique names from a prefix', async () => {
      const create = () => configMaps().create({ metadata: { namespace, generateName: 'a-' } });
      const made = await Promise.all(Array.from({ length: 20 }, create));
      expect(new Set(made.map(({ metadata }) => metadata.name)).size).toBe(20);
      expect(made[0]!.metadata.name).toMatch(/^a-[a-z0-9]{5}$/);
    });

    it.each<[string, Partial<ApiRequest>, string, string]>([
      ['taken names', { body: { metadata: { name: 'taken' } } }, 'AlreadyExists', 'configmaps "taken" already exists'],
      [
        'other kinds',
        { body: { kind: 'Pod', metadata: { name: 'a' } } },
        'BadRequest',
        'cannot be handled as a ConfigMap',
      ],
      [
        'other namespaces',
        { body: { metadata: { name: 'a', namespace: 'b' } } },
        'BadRequest',
        'does not match the namespace',
      ],
      [
        'missing namespaces',
        { namespace: 'none', body: { metadata: { name: 'a' } } },
        'NotFound',
        'namespaces "none" not found',
      ],
      ['no name', { body: {} }, 'Invalid', 'name or generateName is required'],
      [
        'a resourceVersion',
        { body: { metadata: { name: 'a', resourceVersion: '5' } } },
        'BadRequest',
        'should not be set',
      ],
      ['no body', {}, 'BadRequest', 'no body'],
      ['wrong types', { body: { metadata: { name: 'a' }, data: { a: 1 } } }, 'BadRequest', 'cannot unmarshal number'],
      [
        'no namespace',
        { namespace: undefined, body: { metadata: { name: 'a' } } },
        'MethodNotAllowed',
        'not supported',
      ],
    ])('refuses %s', async (_, partial, reason, message) => {
      await configMaps().create({ metadata: key('taken') });
      const refused = request({ verb: 'create', ...partial });
      await expect(refused).rejects.toMatchObject({ reason, message: expect.stringContaining(message) });
    });

    it('stores nothing in a dry run, but shows what would be', async () => {
      const service = { metadata: key('s'), spec: { ports: [{ port: 80 }] } };
      const shown = await world.client.resource(Service).create(service, { dryRun: true });
      expect(shown.spec.clusterIP).toMatch(/^10\.96\./);
      await expect(world.client.resource(Service).get(key('s'))).rejects.toMatchObject({ reason: 'NotFound' });
    });

    it('warns of unknown and repeated fields, or refuses them', async () => {
      const body = { metadata: { name: 'w' }, dat: {} };
      const create = {
        verb: 'create',
        group: '',
        version: 'v1',
        resource: 'configmaps',
        namespace,
        body,
        duplicates: ['data'],
      } as const;
      const user = { name: 'admin', groups: ['system:masters'] };
      const { warnings } = await world.apiserver.handle(create, user);
      expect(warnings).toEqual([expect.stringContaining('unknown field "dat"'), 'duplicate field "data"']);
      const strict = world.apiserver.handle({ ...create, options: { fieldValidation: 'Strict' } }, user);
      await expect(strict).rejects.toMatchObject({ reason: 'BadRequest' });
    });
  });

  describe('update', () => {
    it('raises the generation with the spec only, and leaves the status alone', async () => {
      const deployments = world.client.resource(Deployment);
      const made = await deployments.create(deployment('d'));
      const labelled = await deployments.update({ ...made, metadata: { ...made.metadata, labels: { a: 'b' } } });
      expect(labelled.metadata.generation).toBe(1);
      const status = { ...labelled.status, replicas: 5 };
      const scaled = await deployments.update({ ...labelled, status, spec: { ...labelled.spec, replicas: 3 } });
      expect(scaled.metadata.generation).toBe(2);
      expect(scaled.status.replicas).not.toBe(5);
    });

    it('refuses a version that is no longer the latest', async () => {
      const made = await configMaps().create({ metadata: key('c') });
      await configMaps().update({ ...made, data: { a: '1' } });
      await expect(configMaps().update({ ...made, data: { a: '2' } })).rejects.toMatchObject({
        reason: 'Conflict',
        message:
          'Operation cannot be fulfilled on configmaps "c": the object has been modified; please apply your changes to the latest version and try again',
      });
    });

    it('writes nothing when nothing changes', async () => {
      const made = await configMaps().create({ metadata: key('c'), data: { a: '1' } });
      const same = await configMaps().update(made);
      expect(same.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    });

    it('refuses another name than the URL and another uid than the object', async () => {
      const made = await configMaps().create({ metadata: key('c') });
      const put = (metadata: object) => request({ verb: 'update', name: 'c', body: { ...made, metadata } });
      await expect(put({ name: 'd' })).rejects.toMatchObject({ reason: 'BadRequest' });
      await expect(put({ name: 'c', uid: 'other' })).rejects.toMatchObject({ reason: 'Conflict' });
      await expect(
        request({ verb: 'update', name: 'none', body: { metadata: { name: 'none' } } }),
      ).rejects.toMatchObject({
        reason: 'NotFound',
      });
    });
  });

  describe('patch', () => {
    it.each([
      ['merge', { data: { a: null, b: '2' } }, { b: '2' }],
      ['strategic', { data: { b: '2' } }, { a: '1', b: '2' }],
      ['json', [{ op: 'replace', path: '/data/a', value: '3' }], { a: '3' }],
    ] as const)('%s', async (patchType, body, data) => {
      await configMaps().create({ metadata: key('c'), data: { a: '1' } });
      expect(await request({ verb: 'patch', name: 'c', patchType, body })).toMatchObject({ data });
    });

    it('loses nothing when many patch at once', async () => {
      await configMaps().create({ metadata: key('c') });
      const names = Array.from({ length: 30 }, (_, i) => `k${i}`);
      const patchOne = (name: string) =>
        request({ verb: 'patch', name: 'c', patchType: 'merge', body: { data: { [name]: '1' } } });
      await Promise.all(names.map(patchOne));
      expect(Object.keys((await configMaps().get(key('c'))).data!).sort()).toEqual(names.sort());
    });

    it('says which patches it takes', async () => {
      await configMaps().create({ metadata: key('c') });
      await expect(request({ verb: 'patch', name: 'c', patchType: 'apply', body: {} })).rejects.toMatchObject({
        reason: 'UnsupportedMediaType',
      });
    });
  });

  describe('subresources', () => {
    it('status changes the status only', async () => {
      const deployments = world.client.resource(Deployment);
      const made = await deployments.create(deployment('d'));
      const at = { group: 'apps', resource: 'deployments', name: 'd' };
      const body = { ...made, spec: { ...made.spec, replicas: 7 }, status: { observedGeneration: 1, replicas: 1 } };
      const updated = await request({ verb: 'update', ...at, subresource: 'status', body });
      expect(updated).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 1 }, metadata: { generation: 1 } });
    });

    it('scale reads and sets the number of replicas', async () => {
      await world.client.resource(Deployment).create(deployment('d'));
      const at = { group: 'apps', resource: 'deployments', name: 'd', subresource: 'scale' };
      const body = { spec: { replicas: 4 } };
      expect(await request({ verb: 'patch', ...at, patchType: 'merge', body })).toMatchObject({
        kind: 'Scale',
        spec: { replicas: 4 },
      });
      expect(await request({ verb: 'get', ...at })).toMatchObject({ status: { selector: 'app=x' } });
      const changed = await world.client.resource(Deployment).get(key('d'));
      expect(changed).toMatchObject({ spec: { replicas: 4 }, metadata: { generation: 2 } });
    });

    it('binding puts a pod on a node once', async () => {
      await pods().create({ metadata: key('p'), spec: podSpec });
      const bind = (node: string) =>
        request({
          verb: 'create',
          resource: 'pods',
          name: 'p',
          subresource: 'binding',
          body: { target: { kind: 'Node', name: node } },
        });
      await bind('n1');
      const pod = await pods().get(key('p'));
      expect(pod.spec.nodeName).toBe('n1');
      expect(pod.status.conditions).toContainEqual(expect.objectContaining({ type: 'PodScheduled', status: 'True' }));
      await expect(bind('n2')).rejects.toMatchObject({
        reason: 'Conflict',
        message: expect.stringContaining('pod p is already assigned to node "n1"'),
      });
    });

    it('unknown ones are not found', async () => {
      await configMaps().create({ metadata: key('c') });
      await expect(request({ name: 'c', subresource: 'status' })).rejects.toMatchObject({ reason: 'NotFound' });
    });
  });

  describe('delete', () => {
    const bound = { metadata: key('p'), spec: { ...podSpec, nodeName: 'n1' } };

    it('removes at once what has nothing to wait for, and says what it was', async () => {
      const made = await configMaps().create({ metadata: key('c') });
      const answer = await request({ verb: 'delete', name: 'c' });
      expect(answer).toMatchObject({
        kind: 'Status',
        status: 'Success',
        details: { name: 'c', uid: made.metadata.uid },
      });
      await expect(configMaps().get(key('c'))).rejects.toMatchObject({ reason: 'NotFound' });
    });

    it('lets a running pod end gracefully; grace 0 removes it', async () => {
      await pods().create(bound);
      const marked = (await request({ verb: 'delete', resource: 'pods', name: 'p' })) as Pod;
      expect(marked.metadata.deletionGracePeriodSeconds).toBe(30);
      expect(Date.parse(marked.metadata.deletionTimestamp!)).toBeGreaterThan(Date.now() + 20_000);
      await request({ verb: 'delete', resource: 'pods', name: 'p', options: { gracePeriodSeconds: 5 } });
      expect((await pods().get(key('p'))).metadata.deletionGracePeriodSeconds).toBe(5);
      await request({ verb: 'delete', resource: 'pods', name: 'p', options: { gracePeriodSeconds: 60 } });
      expect((await pods().get(key('p'))).metadata.deletionGracePeriodSeconds).toBe(5);
      await request({ verb: 'delete', resource: 'pods', name: 'p', body: { gracePeriodSeconds: 0 } });
      await expect(pods().get(key('p'))).rejects.toMatchObject({ reason: 'NotFound' });
    });

    it('removes a pod without a node at once', async () => {
      await pods().create({ metadata: key('p'), spec: podSpec });
      await request({ verb: 'delete', resource: 'pods', name: 'p' });
      await expect(pods().get(key('p'))).rejects.toMatchObject({ reason: 'NotFound' });
    });

    it('waits for finalizers, which can only become fewer, and goes with the last', async () => {
      const made = await configMaps().create({ metadata: { ...key('c'), finalizers: ['a.io/x', 'a.io/y'] } });
      const marked = (await request({ verb: 'delete', name: 'c' })) as ConfigMap;
      expect(marked.metadata.deletionTimestamp).toBeDefined();
      const finalizers = (names: string[]) =>
        request({ verb: 'patch', name: 'c', patchType: 'merge', body: { metadata: { finalizers: names } } });
      await expect(finalizers(['a.io/x', 'a.io/y', 'a.io/z'])).rejects.toMatchObject({ reason: 'Invalid' });
      await finalizers(['a.io/y']);
      expect((await configMaps().get(key('c'))).metadata.uid).toBe(made.metadata.uid);
      await finalizers([]);
      await expect(configMaps().get(key('c'))).rejects.toMatchObject({ reason: 'NotFound' });
    });

    it.each([
      ['Foreground', ['foregroundDeletion']],
      ['Orphan', ['orphan']],
    ] as const)('%s leaves the object to the garbage collector', async (propagationPolicy, finalizers) => {
      await configMaps().create({ metadata: key('c') });
      await request({ verb: 'delete', name: 'c', body: { propagationPolicy } });
      expect((await configMaps().get(key('c'))).metadata.finalizers).toEqual(finalizers);
    });

    it('keeps to its preconditions', async () => {
      const made = await configMaps().create({ metadata: key('c') });
      const refused = request({ verb: 'delete', name: 'c', body: { preconditions: { uid: 'other' } } });
      await expect(refused).rejects.toMatchObject({ reason: 'Conflict' });
      await request({ verb: 'delete', name: 'c', body: { preconditions: { uid: made.metadata.uid } } });
    });

    it('empties a selection', async () => {
      for (const name of ['a', 'b', 'c'])
        await configMaps().create({ metadata: { ...key(name), labels: { keep: String(name === 'c') } } });
      await request({ verb: 'deletecollection', options: { labelSelector: 'keep=false' } });
      const { items } = await configMaps().list({ namespace });
      expect(items.map((item: KubeObject) => item.metadata.name)).toEqual(['c']);
    });

    it('marks a namespace, takes nothing new into it, and removes it once it is finalized', async () => {
      await world.addNamespace('web');
      const at = { resource: 'namespaces', namespace: undefined, name: 'web' };
      expect(await request({ verb: 'delete', ...at })).toMatchObject({ status: { phase: 'Terminating' } });
      await expect(configMaps().create({ metadata: { namespace: 'web', name: 'c' } })).rejects.toMatchObject({
        reason: 'Forbidden',
        details: { causes: [expect.objectContaining({ reason: 'NamespaceTerminating' })] },
      });
      const current = await world.client.resource(Namespace).get({ name: 'web' });
      await request({ verb: 'update', ...at, subresource: 'finalize', body: { ...current, spec: { finalizers: [] } } });
      await expect(world.client.resource(Namespace).get({ name: 'web' })).rejects.toMatchObject({ reason: 'NotFound' });
    });

    it('keeps the namespaces everything relies on', async () => {
      const refused = request({ verb: 'delete', resource: 'namespaces', namespace: undefined, name: 'default' });
      await expect(refused).rejects.toMatchObject({ reason: 'Forbidden' });
    });
  });

  it('nodes may change only themselves and their pods', async () => {
    await pods().create({ metadata: key('mine'), spec: { ...podSpec, nodeName: 'n1' } });
    await pods().create({ metadata: key('other'), spec: { ...podSpec, nodeName: 'n2' } });
    const node = world.transport(nodeUser('n1'));
    const at = { group: '', version: 'v1', namespace };
    const status = (name: string) =>
      node.request({
        ...at,
        verb: 'patch',
        resource: 'pods',
        name,
        subresource: 'status',
        patchType: 'merge',
        body: { status: { phase: 'Running' } },
      });
    expect(await status('mine')).toMatchObject({ status: { phase: 'Running' } });
    await expect(status('other')).rejects.toMatchObject({
      reason: 'Forbidden',
      message:
        'pods "other" is forbidden: User "system:node:n1" cannot patch resource "pods/status" in API group "" in the namespace "default"',
    });
    const body = { metadata: { name: 'n2' } };
    await expect(
      node.request({ group: '', version: 'v1', verb: 'create', resource: 'nodes', body }),
    ).rejects.toMatchObject({ reason: 'Forbidden' });
  });
});
