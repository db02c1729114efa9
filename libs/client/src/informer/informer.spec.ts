import { ConfigMap, expired, serviceUnavailable, tooManyRequests } from '@gantry/api';
import { FakeClock, MemoryApi } from '@gantry/testing';
import { TypedClient } from '../typed-client';
import { Informer, type CacheChange } from './informer';
import { InformerSet } from './informer-set';

describe('Informer', () => {
  const api = new MemoryApi();
  const maps = new TypedClient(api).resource(ConfigMap);
  const clock = new FakeClock();
  let informer: Informer<ConfigMap>;
  let told: string[];
  let retries: unknown[];
  let namespace: string;
  let run = 0;

  beforeEach(() => {
    namespace = `ns-${++run}`;
    told = [];
    retries = [];
    informer = new Informer(maps, { namespace }, { clock, freeze: true, onRetry: (error) => retries.push(error) });
    informer.onChange((change) => told.push(show(change)));
  });
  afterEach(async () => {
    api.before = undefined;
    await informer.close();
    expect(clock.pending).toBe(0);
  });
  afterAll(() => {
    api.close();
  });

  const create = (name: string, color: string) => maps.create({ metadata: { namespace, name }, data: { color } });
  const paint = (name: string, color: string) => maps.patch({ namespace, name }, 'merge', { data: { color } });
  const remove = (name: string) => maps.delete({ namespace, name });
  const shown = () => informer.cache.list().map(({ metadata, data }) => `${metadata.name}=${data?.['color'] ?? ''}`);
  const settle = () => clock.advance(0);

  it('tells of what is there, then of what changes', async () => {
    await create('a', 'red');
    informer.start();
    await informer.synced();
    expect(told).toEqual(['+a=red']);
    await create('b', 'blue');
    await paint('a', 'green');
    await remove('b');
    await settle();
    expect(told).toEqual(['+a=red', '+b=blue', 'a=red>a=green', '-b=blue']);
    expect(shown()).toEqual(['a=green']);
  });

  it('tells a handler that comes late what is there', async () => {
    await create('a', 'red');
    await informer.start().synced();
    const late: string[] = [];
    informer.onChange((change) => late.push(show(change)));
    expect(late).toEqual(['+a=red']);
  });

  it('goes on after a broken watch without listing again', async () => {
    await create('a', 'red');
    await informer.start().synced();
    await settle();
    let lists = 0;
    api.before = ({ verb }) => {
      if (verb === 'list') lists++;
    };
    api.breakWatches(serviceUnavailable('gone away'));
    await create('b', 'blue');
    await clock.advance(1000);
    expect(told).toEqual(['+a=red', '+b=blue']);
    expect(lists).toBe(0);
    expect(retries).toHaveLength(1);
  });

  it('lists again when its version has expired, and tells the difference', async () => {
    await create('a', 'red');
    await create('b', 'red');
    await create('c', 'red');
    await informer.start().synced();
    await settle();
    api.before = ({ verb }) => {
      if (verb === 'watch') throw expired();
    };
    api.breakWatches(expired());
    await paint('a', 'green');
    await remove('b');
    await remove('c');
    await create('c', 'new');
    api.before = undefined;
    await clock.advance(5000);
    expect(told.slice(3).sort()).toEqual(['+c=new', '-b=red', '-c=red', 'a=red>a=green']);
  });

  it('waits as long as a busy server asks', async () => {
    let asked = 0;
    api.before = () => {
      asked++;
      throw tooManyRequests(20);
    };
    informer.start();
    await clock.advance(19_000);
    expect(asked).toBe(1);
    api.before = undefined;
    await clock.advance(2000);
    await informer.synced();
    expect(informer.isSynced).toBe(true);
  });

  it('keeps readers from changing what they share', async () => {
    await create('a', 'red');
    await informer.start().synced();
    expect(() => {
      informer.cache.list()[0]!.data!['color'] = 'blue';
    }).toThrow(TypeError);
  });
});

describe('InformerSet', () => {
  it('shares an informer per kind and scope, and starts those asked for late', async () => {
    const api = new MemoryApi();
    const set = new InformerSet(new TypedClient(api));
    const all = set.of(ConfigMap);
    expect(set.of(ConfigMap)).toBe(all);
    expect(set.of(ConfigMap, { namespace: 'x' })).not.toBe(all);
    set.start();
    await set.synced();
    const late = set.of(ConfigMap, { namespace: 'y' });
    await late.synced();
    expect(set.isSynced).toBe(true);
    await set.close();
    api.close();
  });
});

function show({ old, new: current }: CacheChange<ConfigMap>): string {
  const one = (map: ConfigMap) => `${map.metadata.name}=${map.data?.['color'] ?? ''}`;
  if (old && current) return `${one(old)}>${one(current)}`;
  return current ? `+${one(current)}` : `-${one(old!)}`;
}
