import { storeSuite } from '../store-suite';
import { MemoryStore } from './memory-store';

storeSuite('MemoryStore', () => Promise.resolve(new MemoryStore()));

describe('MemoryStore', () => {
  it('compacts by itself once its history is too long', async () => {
    const store = new MemoryStore({ historyLimit: 10 });
    for (let i = 0; i < 50; i++)
      await store.commit([{ type: 'put', key: `/k/${i % 3}`, value: Buffer.from(String(i)) }]);
    await expect(store.list('/k/', { revision: 2 })).rejects.toThrow('compacted');
    expect((await store.list('/k/')).entries).toHaveLength(3);
  });
});
