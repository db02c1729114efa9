import { ConfigMap, Lease, Secret } from '@gantry/api';
import { InformerSet, keyText, TypedClient, type ObjectKey } from '@gantry/client';
import { Metrics } from '@gantry/observability';
import { FakeClock, MemoryApi } from '@gantry/testing';
import { Engine } from './engine';
import { LeaderElector } from './leader-elector';
import { controllerOf, itself, keysOf, type Reconciler, type ReconcileContext, type Result } from './reconciler';

describe('Engine', () => {
  let clock: FakeClock;
  let api: MemoryApi;
  let client: TypedClient;
  let informers: InformerSet;
  let metrics: Metrics;
  let engine: Engine;
  beforeEach(() => {
    clock = new FakeClock();
    api = new MemoryApi(clock);
    client = new TypedClient(api);
    informers = new InformerSet(client, { clock, freeze: true });
    metrics = new Metrics();
    engine = new Engine({ informers, clock, metrics });
  });
  afterEach(async () => {
    await Promise.all([engine.close(), clock.advance(0)]);
    await informers.close();
    expect(clock.pending).toBe(0);
    api.close();
  });

  class Recorder implements Reconciler {
    readonly name = 'recorder';
    readonly concurrency = 2;
    readonly calls: string[] = [];
    answer: (key: ObjectKey, context: ReconcileContext) => Promise<Result | undefined> = () =>
      Promise.resolve(undefined);
    constructor(readonly watches: Reconciler['watches'] = [itself(ConfigMap)]) {}
    reconcile(key: ObjectKey, context: ReconcileContext): Promise<Result | undefined> {
      this.calls.push(keyText(key));
      return this.answer(key, context);
    }
  }

  const create = (name: string) => client.resource(ConfigMap).create({ metadata: { namespace: 'shop', name } });

  it('reconciles what is there and what changes', async () => {
    await create('a');
    const recorder = new Recorder();
    engine.add(recorder).start();
    await clock.advance(0);
    expect(recorder.calls).toEqual(['shop/a']);
    await create('b');
    await clock.advance(0);
    expect(recorder.calls).toEqual(['shop/a', 'shop/b']);
  });

  it('maps the changes of other kinds to keys', async () => {
    const recorder = new Recorder([
      controllerOf(Secret, ConfigMap),
      keysOf(Secret, ({ metadata }) => (metadata.labels?.['for'] ? [{ name: metadata.labels['for'] }] : [])),
    ]);
    engine.add(recorder).start();
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: 'u', controller: true };
    const secrets = client.resource(Secret);
    await secrets.create({ metadata: { namespace: 'shop', name: 'owned', ownerReferences: [owner] } });
    await secrets.create({
      metadata: { namespace: 'shop', name: 'other', ownerReferences: [{ ...owner, kind: 'Deployment' }] },
    });
    await secrets.create({ metadata: { namespace: 'shop', name: 'labelled', labels: { for: 'one' } } });
    await clock.advance(0);
    expect(recorder.calls.sort()).toEqual(['one', 'shop/owner']);
    recorder.calls.length = 0;
    await secrets.patch({ namespace: 'shop', name: 'labelled' }, 'merge', { metadata: { labels: { for: 'two' } } });
    await clock.advance(0);
    expect(recorder.calls.sort()).toEqual(['one', 'two']);
  });

  it('tries again after failures, later each time, and counts them', async () => {
    const recorder = new Recorder();
    recorder.answer = () => (recorder.calls.length < 4 ? Promise.reject(new Error('no')) : Promise.resolve(undefined));
    engine.add(recorder).start();
    await create('a');
    await clock.advance(1000);
    expect(recorder.calls).toHaveLength(4);
    const text = await metrics.text();
    expect(text).toContain('controller_runtime_reconcile_errors_total{controller="recorder"} 3');
    expect(text).toContain('controller_runtime_reconcile_total{controller="recorder",result="success"} 1');
    expect(text).toContain('workqueue_retries_total{name="recorder"} 3');
  });

  it('looks again when asked to', async () => {
    const recorder = new Recorder();
    recorder.answer = () => Promise.resolve({ requeueAfter: 5000 });
    engine.add(recorder).start();
    await create('a');
    await clock.advance(12_000);
    expect(recorder.calls).toHaveLength(3);
  });

  it('works on as many keys at a time as the reconciler allows, and on each only once', async () => {
    const recorder = new Recorder();
    const release: (() => void)[] = [];
    recorder.answer = () =>
      new Promise((resolve) =>
        release.push(() => {
          resolve(undefined);
        }),
      );
    for (const name of ['a', 'b', 'c']) await create(name);
    engine.add(recorder).start();
    await clock.advance(0);
    expect(recorder.calls).toEqual(['shop/a', 'shop/b']);
    await client.resource(ConfigMap).patch({ namespace: 'shop', name: 'a' }, 'merge', { data: { x: 'y' } });
    await clock.advance(0);
    expect(recorder.calls).toHaveLength(2);
    while (release.length > 0) {
      release.shift()!();
      await clock.advance(0);
    }
    expect(recorder.calls.sort()).toEqual(['shop/a', 'shop/a', 'shop/b', 'shop/c']);
  });

  it('works only while it leads, and then on everything that changed before', async () => {
    const key = { namespace: 'gantry-system', name: 'reconcilers' };
    const elector = (identity: string) => new LeaderElector({ leases: client.resource(Lease), key, identity, clock });
    const recorder = new Recorder();
    const standby = new Recorder();
    const standbyInformers = new InformerSet(client, { clock });
    engine = new Engine({ informers, elector: elector('a'), clock }).add(recorder).start();
    await clock.advance(0);
    const second = new Engine({ informers: standbyInformers, elector: elector('b'), clock }).add(standby).start();
    await create('a');
    await clock.advance(10_000);
    expect(recorder.calls).toEqual(['shop/a']);
    expect(standby.calls).toEqual([]);
    await Promise.all([engine.close(), clock.advance(0)]);
    await create('b');
    await clock.advance(5000);
    expect(recorder.calls).toEqual(['shop/a']);
    expect(standby.calls.sort()).toEqual(['shop/a', 'shop/b']);
    await Promise.all([second.close(), clock.advance(0)]);
    await standbyInformers.close();
  });
});
