import { ConfigMap } from '@gantry/api';
import { Informer, TypedClient } from '@gantry/client';
import { FakeClock, MemoryApi } from '@gantry/testing';
import { Expectations } from './expectations';

describe('Expectations', () => {
  const key = { namespace: 'shop', name: 'owner' };
  const clock = new FakeClock();
  let expectations: Expectations;
  beforeEach(() => {
    expectations = new Expectations(clock);
  });

  it('are met when nothing is expected', () => {
    expect(expectations.satisfied(key)).toBe(true);
  });

  it('are met once all creations are seen or have failed', () => {
    expectations.expectCreations(key, 2);
    expectations.creationSeen(key);
    expect(expectations.satisfied(key)).toBe(false);
    expectations.creationSeen(key);
    expect(expectations.satisfied(key)).toBe(true);
  });

  it('are met once each deletion is seen, however often one is told', () => {
    expectations.expectDeletions(key, ['u1', 'u2']);
    expectations.deletionSeen(key, 'u1');
    expectations.deletionSeen(key, 'u1');
    expect(expectations.satisfied(key)).toBe(false);
    expectations.deletionSeen(key, 'u2');
    expect(expectations.satisfied(key)).toBe(true);
  });

  it('of one key do not concern another, and are forgotten with it', () => {
    expectations.expectCreations(key, 1);
    expect(expectations.satisfied({ ...key, name: 'other' })).toBe(true);
    expectations.forget(key);
    expect(expectations.satisfied(key)).toBe(true);
  });

  it('are given up after a while', async () => {
    expectations.expectCreations(key, 1);
    await clock.advance(299_999);
    expect(expectations.satisfied(key)).toBe(false);
    await clock.advance(1);
    expect(expectations.satisfied(key)).toBe(true);
  });

  it('are lowered by what an informer shows', async () => {
    const api = new MemoryApi();
    const maps = new TypedClient(api).resource(ConfigMap);
    const informer = new Informer(maps, {}, { clock });
    expectations.observe(informer, ({ metadata }) =>
      metadata.labels?.['owner'] ? { namespace: metadata.namespace, name: metadata.labels['owner'] } : undefined,
    );
    await informer.start().synced();
    expectations.expectCreations(key, 1);
    await maps.create({ metadata: { namespace: 'shop', name: 'stranger' } });
    await clock.advance(0);
    expect(expectations.satisfied(key)).toBe(false);
    const child = await maps.create({ metadata: { namespace: 'shop', name: 'child', labels: { owner: 'owner' } } });
    await clock.advance(0);
    expect(expectations.satisfied(key)).toBe(true);
    expectations.expectDeletions(key, [child.metadata.uid]);
    expect(expectations.satisfied(key)).toBe(false);
    await maps.delete(child.metadata);
    await clock.advance(0);
    expect(expectations.satisfied(key)).toBe(true);
    await informer.close();
    api.close();
  });
});
