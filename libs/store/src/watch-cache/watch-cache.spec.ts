import { FakeClock } from '@gantry/testing';
import fc from 'fast-check';
import { MemoryStore } from '../memory/memory-store';
import { RevisionCompacted, StoreUnavailable, type Entry, type Store, type StoreWatcher } from '../store';
import { WatcherTooSlow, type Bookmark, type CacheWatch } from './cache-watch';
import type { Change } from './change';
import { WatchCache, type WatchCacheOptions } from './watch-cache';

interface Thing {
  name: string;
  color: string;
  version: number;
}

const decode = (entry: Entry): Thing => ({
  name: entry.key.slice('/things/'.length),
  color: entry.value.toString(),
  version: entry.modRevision,
});

describe('WatchCache', () => {
  const clock = new FakeClock();
  let store: MemoryStore;
  let decoded: jest.Mock<Thing, [Entry]>;
  let cache: WatchCache<Thing>;

  function open(options: Partial<WatchCacheOptions<Thing>> = {}): WatchCache<Thing> {
    return new WatchCache({
      store,
      prefix: '/things/',
      clock,
      decode: decoded,
      stamp: (thing, version) => ({ ...thing, version }),
      ...options,
    });
  }
  beforeEach(async () => {
    store = new MemoryStore();
    decoded = jest.fn(decode);
    cache = open();
    await put('a', 'red');
    await cache.start();
  });
  afterEach(() => {
    cache.close();
  });

  const put = async (name: string, color: string) =>
    (await store.commit([{ type: 'put', key: `/things/${name}`, value: Buffer.from(color) }])).revision;
  const remove = async (name: string) => (await store.commit([{ type: 'delete', key: `/things/${name}` }])).revision;
  const shown = () => cache.list().map(({ name, color }) => `${name}=${color}`);

  describe('reads', () => {
    it('see what is stored, and after fresh() every write acknowledged before', async () => {
      expect(shown()).toEqual(['a=red']);
      for (let i = 0; i < 10; i++) {
        await put('b', String(i));
        await cache.fresh();
        expect(shown()).toEqual(['a=red', `b=${i}`]);
      }
    });

    it('catch up with revisions that did not concern the prefix', async () => {
      const { revision } = await store.commit([{ type: 'put', key: '/others/x', value: Buffer.from('x') }]);
      await cache.fresh();
      expect(cache.revision).toBe(revision);
    });

    it('wait for a revision, but not for ever', async () => {
      const waiting = cache.reached(cache.revision + 1000);
      void waiting.catch(() => undefined);
      await clock.advance(3000);
      await expect(waiting).rejects.toThrow(StoreUnavailable);
    });

    it('decode an entry once, also over a relist', async () => {
      await put('b', 'blue');
      await cache.fresh();
      for (let i = 0; i < 5; i++) cache.list();
      expect(decoded).toHaveBeenCalledTimes(2);
    });

    it('leave out what cannot be decoded', async () => {
      decoded.mockImplementationOnce(() => {
        throw new Error('not JSON');
      });
      await put('broken', '{');
      await put('c', 'green');
      await cache.fresh();
      expect(shown()).toEqual(['a=red', 'c=green']);
    });
  });

  describe('watches', () => {
    it('tell what happened since a revision, then what happens', async () => {
      const start = cache.revision;
      await put('b', 'blue');
      await cache.fresh();
      const watch = cache.watch(start);
      await put('b', 'green');
      const deletion = await remove('a');
      expect(await take(watch, 3)).toEqual(['ADDED b=blue', 'MODIFIED b=green', `DELETED a=red@${deletion}`]);
    });

    it('tell a filtered watcher what enters and leaves its view', async () => {
      const watch = cache.watch(cache.revision, { filter: (thing) => thing.color === 'red' });
      const left = await put('a', 'blue');
      await put('a', 'red');
      await put('x', 'blue');
      await put('a', 'red');
      expect(await take(watch, 3)).toEqual([`DELETED a=red@${left}`, 'ADDED a=red', 'MODIFIED a=red']);
    });

    it('can be narrowed to keys', async () => {
      const watch = cache.watch(cache.revision, { prefix: '/things/b' });
      await put('a', 'blue');
      await put('bb', 'blue');
      expect(await take(watch, 1)).toEqual(['ADDED bb=blue']);
    });

    it('encode a change once for all who see it alike', async () => {
      const watchers = Array.from({ length: 20 }, () => cache.watch(cache.revision));
      const encode = jest.fn((change: Change<Thing>) => Buffer.from(JSON.stringify(change.object)));
      await put('b', 'blue');
      const buffers = await Promise.all(
        watchers.map(async (watch) => {
          const { value } = await watch[Symbol.asyncIterator]().next();
          return (value as Change<Thing>).encoded('json', encode);
        }),
      );
      expect(new Set(buffers).size).toBe(1);
      expect(encode).toHaveBeenCalledTimes(1);
    });

    it('refuse a revision that is too old', async () => {
      cache.close();
      cache = open({ recent: 5 });
      await cache.start();
      const start = cache.revision;
      for (let i = 0; i < 20; i++) await put('b', String(i));
      await cache.fresh();
      expect(() => cache.watch(start)).toThrow(RevisionCompacted);
      expect(await take(cache.watch(cache.revision - 2), 2)).toEqual(['MODIFIED b=18', 'MODIFIED b=19']);
    });

    it('drop a watcher that does not read, and nobody else', async () => {
      cache.close();
      cache = open({ backlog: 10 });
      await cache.start();
      const slow = cache.watch(cache.revision);
      const quick = cache.watch(cache.revision);
      const reading = take(quick, 30);
      for (let i = 0; i < 30; i++) await put('b', String(i));
      expect(await reading).toHaveLength(30);
      await expect(take(slow, 11)).rejects.toThrow(WatcherTooSlow);
    });

    it('send bookmarks with the revision that has been told', async () => {
      const watch = cache.watch(cache.revision, { bookmarks: true });
      await store.commit([{ type: 'put', key: '/others/x', value: Buffer.from('x') }]);
      await cache.fresh();
      await clock.advance(60_000);
      expect(await take(watch, 1)).toEqual([`BOOKMARK ${cache.revision}`]);
    });
  });

  describe('after the watch of the store is lost', () => {
    it('lists again and makes its watchers start over', async () => {
      const flaky = new FlakyStore(store);
      cache.close();
      cache = open({ store: flaky });
      await cache.start();
      const watch = cache.watch(cache.revision);
      flaky.lose();
      await expect(take(watch, 1)).rejects.toThrow(RevisionCompacted);
      await put('b', 'blue');
      await clock.advance(1000);
      await cache.fresh();
      expect(shown()).toEqual(['a=red', 'b=blue']);
      expect(cache.synced).toBe(true);
    });
  });

  it('folded events of any watch give the same as the list', async () => {
    const step = fc.record({ name: fc.constantFrom('p', 'q', 'r'), color: fc.constantFrom('red', 'blue', undefined) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.boolean(), async (steps, filtered) => {
        const filter = filtered ? (thing: Thing) => thing.color === 'red' : undefined;
        const wanted = (thing: Thing) => !filter || filter(thing);
        const state = new Map(
          cache
            .list()
            .filter(wanted)
            .map((thing) => [thing.name, thing]),
        );
        const watch = cache.watch(cache.revision, { filter });
        for (const { name, color } of steps) await (color ? put(name, color) : remove(name));
        await cache.fresh();
        watch.close();
        for await (const change of watch) {
          if (change.type === 'BOOKMARK') continue;
          expect(state.has(change.object.name)).toBe(change.type !== 'ADDED');
          if (change.type === 'DELETED') state.delete(change.object.name);
          else state.set(change.object.name, change.object);
        }
        const byName = (a: Thing, b: Thing) => (a.name < b.name ? -1 : 1);
        expect([...state.values()].sort(byName)).toEqual(cache.list().filter(wanted));
      }),
      { numRuns: 40 },
    );
  });
});

async function take(watch: CacheWatch<Thing>, count: number): Promise<string[]> {
  const taken: string[] = [];
  for await (const item of watch) {
    taken.push(show(item));
    if (taken.length === count) break;
  }
  return taken;
}

function show(item: Change<Thing> | Bookmark): string {
  if (item.type === 'BOOKMARK') return `BOOKMARK ${item.revision}`;
  const { name, color, version } = item.object;
  return `${item.type} ${name}=${color}${item.type === 'DELETED' ? `@${version}` : ''}`;
}

/** A store whose watches can break. */
class FlakyStore implements Store {
  private readonly watchers = new Set<StoreWatcher>();
  constructor(private readonly inner: Store) {}
  get = (key: string) => this.inner.get(key);
  list: Store['list'] = (prefix, options) => this.inner.list(prefix, options);
  commit: Store['commit'] = (operations) => this.inner.commit(operations);
  revision = () => this.inner.revision();
  compact = (revision: number) => this.inner.compact(revision);
  close = () => this.inner.close();
  watch(prefix: string, from: number, watcher: StoreWatcher) {
    const watch = this.inner.watch(prefix, from, watcher);
    this.watchers.add(watcher);
    return watch;
  }
  lose(): void {
    for (const watcher of this.watchers) watcher.onError(new RevisionCompacted(1));
  }
}
