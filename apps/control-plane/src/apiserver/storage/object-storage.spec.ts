import { ConfigMap, Service } from '@gantry/api';
import { AmbiguousWrite, MemoryStore, type Operation, StoreUnavailable } from '@gantry/store';
import { World } from '../../testing/world';

/** Loses the answers of commits, before or after they were carried out. */
class FlakyStore extends MemoryStore {
  fail?: 'before' | 'after' | 'unavailable';

  override async commit(operations: Operation[]): Promise<{ revision: number }> {
    const { fail } = this;
    this.fail = undefined;
    if (fail === 'unavailable') throw new StoreUnavailable('no quorum');
    if (fail === 'before') throw new AmbiguousWrite('connection lost');
    const result = await super.commit(operations);
    if (fail === 'after') throw new AmbiguousWrite('connection lost');
    return result;
  }
}

describe('writes whose answer is lost', () => {
  let store: FlakyStore;
  let world: World;
  const key = { namespace: 'default', name: 'x' };
  beforeEach(async () => {
    store = new FlakyStore();
    world = await World.start({ store });
  });
  afterEach(() => world.close());
  const configMaps = () => world.client.resource(ConfigMap);

  it('are found out to have happened', async () => {
    store.fail = 'after';
    const made = await configMaps().create({ metadata: key });
    expect(await configMaps().get(key)).toEqual(made);
    store.fail = 'after';
    const changed = await configMaps().update({ ...made, data: { a: '1' } });
    expect((await configMaps().get(key)).metadata.resourceVersion).toBe(changed.metadata.resourceVersion);
    store.fail = 'after';
    await configMaps().delete(key);
    await expect(configMaps().get(key)).rejects.toMatchObject({ reason: 'NotFound' });
  });

  it('are not repeated when they seem not to have happened: the client decides', async () => {
    store.fail = 'before';
    await expect(configMaps().create({ metadata: key })).rejects.toMatchObject({ reason: 'ServerTimeout' });
    await configMaps().create({ metadata: key });
  });

  it('leave nothing behind, addresses included', async () => {
    const services = world.client.resource(Service);
    const spec = { clusterIP: '10.96.7.7', ports: [{ port: 80 }] };
    store.fail = 'before';
    await expect(services.create({ metadata: key, spec })).rejects.toMatchObject({ reason: 'ServerTimeout' });
    expect((await services.create({ metadata: key, spec })).spec.clusterIP).toBe('10.96.7.7');
  });

  it('answer 503 with a time to come back while the store is away', async () => {
    store.fail = 'unavailable';
    await expect(configMaps().create({ metadata: key })).rejects.toMatchObject({
      reason: 'ServiceUnavailable',
      code: 503,
      details: { retryAfterSeconds: 1 },
    });
  });
});
