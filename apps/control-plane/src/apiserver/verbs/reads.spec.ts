import { type ApiRequest, ConfigMap, type KubeList, type RequestOptions, type WatchEvent } from '@gantry/api';
import { MemoryStore } from '@gantry/store';
import { World } from '../../testing/world';

const namespace = 'default';
const at = { group: '', version: 'v1', resource: 'configmaps' } as const;

describe('reads', () => {
  let world: World;
  let store: MemoryStore;
  let abort: AbortController;
  beforeEach(async () => {
    store = new MemoryStore();
    abort = new AbortController();
    world = await World.start({ store });
  });
  afterEach(async () => {
    abort.abort();
    await world.close();
  });

  const configMaps = () => world.client.resource(ConfigMap);
  const create = (name: string, labels: Record<string, string> = {}, inNamespace = namespace) =>
    configMaps().create({ metadata: { namespace: inNamespace, name, labels } });
  const relabel = (name: string, labels: Record<string, string | null>) =>
    world
      .transport()
      .request({ ...at, verb: 'patch', namespace, name, patchType: 'merge', body: { metadata: { labels } } });
  const list = async (options: RequestOptions = {}, request: Partial<ApiRequest> = {}) =>
    (await world.transport().request({ ...at, verb: 'list', namespace, options, ...request })) as KubeList;
  const names = ({ items }: KubeList): string[] => items.map((item) => item.metadata.name);

  /** Collects events until there are `count` of them. */
  async function take(count: number, options: RequestOptions, inNamespace?: string): Promise<WatchEvent[]> {
    const events: WatchEvent[] = [];
    const request: ApiRequest = { ...at, verb: 'watch', namespace: inNamespace, options };
    for await (const event of world.transport().watch(request, abort.signal)) {
      events.push(event);
      if (events.length === count) break;
    }
    return events;
  }
  const brief = ({ type, object }: WatchEvent): string => `${type} ${(object as ConfigMap).metadata.name ?? ''}`.trim();

  describe('list', () => {
    it('sees what was written before, in key order, with the revision it is of', async () => {
      await create('b');
      const last = await create('a');
      const found = await list();
      expect(names(found)).toEqual(['a', 'b']);
      expect(found).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' });
      expect(Number(found.metadata.resourceVersion)).toBeGreaterThanOrEqual(Number(last.metadata.resourceVersion));
    });

    it.each<[RequestOptions, string[]]>([
      [{ labelSelector: 'tier=front' }, ['a', 'b']],
      [{ labelSelector: 'tier in (front,back),!old' }, ['b', 'c']],
      [{ fieldSelector: 'metadata.name=b' }, ['b']],
      [{ fieldSelector: 'metadata.name=b', labelSelector: 'tier=back' }, []],
      [{ fieldSelector: 'metadata.name!=b' }, ['a', 'c']],
    ])('selects by %j', async (options, expected) => {
      await create('a', { tier: 'front', old: '1' });
      await create('b', { tier: 'front' });
      await create('c', { tier: 'back' });
      expect(names(await list(options))).toEqual(expected);
    });

    it('keeps namespaces apart and shows all at once', async () => {
      await world.addNamespace('other');
      await create('a');
      await create('b', {}, 'other');
      expect(names(await list())).toEqual(['a']);
      expect(names(await list({}, { namespace: undefined }))).toEqual(['a', 'b']);
    });

    it('pages are of one revision, whatever happens in between', async () => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) await create(name);
      const first = await list({ limit: 2 });
      expect(names(first)).toEqual(['a', 'b']);
      expect(first.metadata.remainingItemCount).toBe(3);
      await world.transport().request({ ...at, verb: 'delete', namespace, name: 'd' });
      await create('cc');
      const second = await list({ limit: 2, continue: first.metadata.continue });
      const third = await list({ limit: 2, continue: second.metadata.continue });
      expect([...names(second), ...names(third)]).toEqual(['c', 'd', 'e']);
      expect(third.metadata.continue).toBeUndefined();
      expect(third.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    });

    it('pages through a selection', async () => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) await create(name, { odd: String('ace'.includes(name)) });
      const first = await list({ limit: 2, labelSelector: 'odd=true' });
      expect(first.metadata.remainingItemCount).toBeUndefined();
      await create('f');
      const second = await list({ limit: 2, labelSelector: 'odd=true', continue: first.metadata.continue });
      expect([...names(first), ...names(second)]).toEqual(['a', 'c', 'e']);
    });

    it('when the first page is too old to go on, tells so with a token for going on inconsistently', async () => {
      for (const name of ['a', 'b', 'c']) await create(name);
      const first = await list({ limit: 1 });
      await create('d');
      await store.compact(await store.revision());
      const error: unknown = await list({ limit: 1, continue: first.metadata.continue }).catch((e: unknown) => e);
      expect(error).toMatchObject({ reason: 'Expired', code: 410 });
      const token = (error as { toStatus(): { metadata: { continue: string } } }).toStatus().metadata.continue;
      expect(names(await list({ continue: token }))).toEqual(['b', 'c', 'd']);
    });

    it('reads the past exactly while it is kept', async () => {
      const { metadata } = await create('a');
      await create('b');
      const { resourceVersion } = metadata;
      expect(names(await list({ resourceVersion, resourceVersionMatch: 'Exact' }))).toEqual(['a']);
      expect(names(await list({ resourceVersion, resourceVersionMatch: 'NotOlderThan' }))).toEqual(['a', 'b']);
      await store.compact(await store.revision());
      await expect(list({ resourceVersion, resourceVersionMatch: 'Exact' })).rejects.toMatchObject({
        reason: 'Expired',
      });
    });

    it.each<[RequestOptions, string, string]>([
      [{ fieldSelector: 'spec.nodeName=x' }, 'BadRequest', 'field label not supported: spec.nodeName'],
      [{ labelSelector: 'a in' }, 'BadRequest', ''],
      [{ resourceVersion: 'x' }, 'BadRequest', 'resourceVersion: Invalid value: "x"'],
      [{ continue: 'x' }, 'BadRequest', 'continue key is not valid'],
      [{ resourceVersionMatch: 'Exact' }, 'Invalid', 'forbidden unless resourceVersion is provided'],
    ])('refuses %j', async (options, reason, message) => {
      await expect(list(options)).rejects.toMatchObject({ reason, message: expect.stringContaining(message) });
    });
  });

  describe('watch', () => {
    it('tells what there is, then what changes', async () => {
      await create('a');
      const events = take(3, {}, namespace);
      await new Promise(setImmediate);
      await relabel('a', { x: 'y' });
      await world.transport().request({ ...at, verb: 'delete', namespace, name: 'a' });
      expect((await events).map(brief)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
    });

    it('continues after a list without a gap', async () => {
      await create('a');
      const { metadata } = await list();
      await create('b');
      const events = await take(1, { resourceVersion: metadata.resourceVersion });
      expect(events.map(brief)).toEqual(['ADDED b']);
    });

    it('tells of objects that enter and leave the selection', async () => {
      await create('a', { tier: 'front' });
      const { metadata } = await list();
      await relabel('a', { tier: 'back' });
      await relabel('a', { tier: 'front' });
      await relabel('a', { other: '1' });
      const options = { resourceVersion: metadata.resourceVersion, labelSelector: 'tier=front' };
      expect((await take(3, options)).map(brief)).toEqual(['DELETED a', 'ADDED a', 'MODIFIED a']);
    });

    it('marks the end of the initial events for those who list by watching', async () => {
      await create('a');
      const events = await take(2, {
        sendInitialEvents: true,
        resourceVersionMatch: 'NotOlderThan',
        allowWatchBookmarks: true,
      });
      expect(events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK']);
      expect(events[1]!.object).toMatchObject({
        kind: 'ConfigMap',
        metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } },
      });
    });

    it('sends a deleted object with the revision of its end', async () => {
      const made = await create('a');
      await list();
      await world.transport().request({ ...at, verb: 'delete', namespace, name: 'a' });
      const [event] = await take(1, { resourceVersion: made.metadata.resourceVersion });
      const { resourceVersion } = (event!.object as ConfigMap).metadata;
      expect(Number(resourceVersion)).toBeGreaterThan(Number(made.metadata.resourceVersion));
    });

    it('ends by itself when its time is over', async () => {
      expect(await take(5, { timeoutSeconds: 1 })).toEqual([]);
    });

    it('says when it cannot begin that far back', async () => {
      await create('a');
      await list();
      await expect(take(1, { resourceVersion: '1' })).rejects.toMatchObject({ reason: 'Expired', code: 410 });
    });

    it.each<[RequestOptions, string]>([
      [{ sendInitialEvents: true }, 'requires setting resourceVersionMatch'],
      [{ resourceVersionMatch: 'NotOlderThan' }, 'forbidden for watch unless sendInitialEvents'],
    ])('refuses %j', async (options, message) => {
      await expect(take(1, options)).rejects.toMatchObject({
        reason: 'Invalid',
        message: expect.stringContaining(message),
      });
    });
  });
});
