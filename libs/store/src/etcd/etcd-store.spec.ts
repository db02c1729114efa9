import { startEtcd, type TestEtcd } from '@gantry/testing';
import { storeSuite } from '../store-suite';
import { AmbiguousWrite, StoreUnavailable, type StoreEvent } from '../store';
import { EtcdStore } from './etcd-store';

let etcd: TestEtcd;
beforeAll(async () => {
  etcd = await startEtcd();
}, 20_000);
afterAll(() => etcd.close());

storeSuite('EtcdStore', () => Promise.resolve(new EtcdStore({ endpoints: [etcd.endpoint] })));

describe('EtcdStore', () => {
  let store: EtcdStore;
  beforeEach(() => {
    store = new EtcdStore({ endpoints: [etcd.endpoint], timeout: 2000 });
  });
  afterEach(() => {
    store.close();
  });

  it('lists and watches more than a gRPC message holds by default', async () => {
    const value = Buffer.alloc(1_000_000, 'x');
    const start = await store.revision();
    for (let i = 0; i < 6; i++) await store.commit([{ type: 'put', key: `/big/${i}`, value }]);
    expect((await store.list('/big/')).entries).toHaveLength(6);
    const events = await collect(store, '/big/', start, 6);
    expect(events.map((event) => event.type === 'put' && event.entry.value.length)).toEqual(Array(6).fill(1_000_000));
  });

  it('lets a watch from long ago catch up beside those that are up to date', async () => {
    const start = await store.revision();
    const live = record(store, '/old/', start);
    for (let i = 0; i < 60; i++) {
      await Promise.all(Array.from({ length: 50 }, (_, j) => put(store, `/old/${j}`, `${i}`)));
    }
    await until(() => live.events.length === 3000);
    const late = record(store, '/old/', start);
    await until(() => late.events.length === 3000);
    await put(store, '/old/last', 'x');
    await until(() => late.events.length === 3001 && live.events.length === 3001);
    expect(late.revisions).toEqual(live.revisions);
  }, 20_000);

  it('says that it is unavailable when nothing could be sent', async () => {
    const nowhere = new EtcdStore({ endpoints: ['http://127.0.0.1:1'], timeout: 500 });
    await expect(nowhere.get('/a')).rejects.toThrow(StoreUnavailable);
    await expect(put(nowhere, '/a', 'x')).rejects.toThrow(StoreUnavailable);
    nowhere.close();
  });

  it('finds the member that answers', async () => {
    const several = new EtcdStore({ endpoints: ['http://127.0.0.1:1', etcd.endpoint, 'http://127.0.0.1:2'] });
    for (let i = 0; i < 30; i++) await put(several, '/several', String(i));
    expect((await several.get('/several'))!.value.toString()).toBe('29');
    several.close();
  });

  it('loses and repeats nothing when etcd is killed again and again in the middle of writes and watches', async () => {
    const start = await store.revision();
    const watch = record(store, '/killed/', start);
    const outcome = {
      acknowledged: new Map<number, number>(),
      ambiguous: new Set<number>(),
      refused: new Set<number>(),
    };
    let writing = true;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let i = 0; writing; i++) await write(writer * 1_000_000 + i, outcome);
    });
    for (let kill = 0; kill < 3; kill++) {
      await pause(300);
      await etcd.kill();
      await pause(100);
      await etcd.start();
    }
    await pause(300);
    writing = false;
    await Promise.all(writers);

    const present = new Map(
      (await store.list('/killed/')).entries.map((entry) => [Number(entry.key.slice(8)), entry.modRevision]),
    );
    expect(outcome.acknowledged.size).toBeGreaterThan(100);
    for (const [id, revision] of outcome.acknowledged) expect(present.get(id)).toBe(revision);
    for (const id of outcome.refused) expect(present.has(id)).toBe(false);
    for (const id of present.keys()) expect(outcome.acknowledged.has(id) || outcome.ambiguous.has(id)).toBe(true);

    await until(() => watch.events.length >= present.size);
    await pause(200);
    const watched = watch.events.map((event) => (event.type === 'put' ? event.entry.modRevision : -1));
    expect(watched).toEqual([...present.values()].sort((a, b) => a - b));
    expect(watch.errors).toEqual([]);
  }, 40_000);

  async function write(
    id: number,
    outcome: { acknowledged: Map<number, number>; ambiguous: Set<number>; refused: Set<number> },
  ) {
    try {
      const { revision } = await store.commit([
        { type: 'put', key: `/killed/${id}`, value: Buffer.from('x'), expect: 0 },
      ]);
      outcome.acknowledged.set(id, revision);
    } catch (error) {
      if (error instanceof AmbiguousWrite) outcome.ambiguous.add(id);
      else if (error instanceof StoreUnavailable) outcome.refused.add(id);
      else throw error;
      await pause(5);
    }
  }
});

function put(store: EtcdStore, key: string, value: string) {
  return store.commit([{ type: 'put', key, value: Buffer.from(value) }]);
}

function record(store: EtcdStore, prefix: string, from: number) {
  const recorded = { events: [] as StoreEvent[], revisions: [] as number[], errors: [] as Error[] };
  store.watch(prefix, from, {
    onEvents: (events, revision) => {
      recorded.events.push(...events);
      recorded.revisions.push(revision);
    },
    onProgress: () => undefined,
    onError: (error) => recorded.errors.push(error),
  });
  return recorded;
}

async function collect(store: EtcdStore, prefix: string, from: number, count: number): Promise<StoreEvent[]> {
  const { events } = record(store, prefix, from);
  await until(() => events.length >= count);
  return events;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(reached: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (reached()) return;
    await pause(10);
  }
  throw new Error('not reached within 10 s');
}
