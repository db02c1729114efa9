import { ConfigMap, Lease } from '@gantry/api';
import { TypedClient } from '@gantry/client';
import { FakeClock, MemoryApi } from '@gantry/testing';
import { FencedTransport } from './fenced-transport';
import { LeaderElector, type Term } from './leader-elector';

describe('LeaderElector', () => {
  const key = { namespace: 'gantry-system', name: 'reconcilers' };
  let clock: FakeClock;
  let api: MemoryApi;
  let candidates: Candidate[];
  beforeEach(() => {
    clock = new FakeClock();
    api = new MemoryApi(clock);
    candidates = [];
  });
  afterEach(async () => {
    api.before = undefined;
    await Promise.all(candidates.map((candidate) => close(candidate.elector)));
    expect(clock.pending).toBe(0);
    api.close();
  });

  class Candidate {
    readonly terms: Term[] = [];
    leading = false;
    readonly elector: LeaderElector;
    constructor(identity: string) {
      const leases = new TypedClient(api).resource(Lease);
      this.elector = new LeaderElector({ leases, key, identity, clock });
      candidates.push(this);
      void this.elector.run(async (term, signal) => {
        this.terms.push(term);
        this.leading = true;
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
        });
        this.leading = false;
      });
    }
  }

  const close = async (elector: LeaderElector) => {
    const closed = elector.close();
    await clock.advance(0);
    await closed;
  };
  const lease = () => new TypedClient(api).resource(Lease).get(key);

  it('lets one lead, who renews', async () => {
    const [a, b] = [new Candidate('a'), new Candidate('b')];
    await clock.advance(60_000);
    expect([a.leading, b.leading].filter(Boolean)).toHaveLength(1);
    const { spec } = await lease();
    expect(spec).toMatchObject({ leaseDurationSeconds: 15, leaseTransitions: 0 });
    expect(clock.now() - Date.parse(spec!.renewTime!)).toBeLessThanOrEqual(2000);
  });

  it('hands over at once when the leader closes', async () => {
    const a = new Candidate('a');
    await clock.advance(0);
    const b = new Candidate('b');
    await clock.advance(5000);
    expect([a.leading, b.leading]).toEqual([true, false]);
    await close(a.elector);
    await clock.advance(4000);
    expect([a.leading, b.leading]).toEqual([false, true]);
    expect(b.terms[0]!.number).toBeGreaterThan(a.terms[0]!.number);
  });

  it('steps down before anyone else may take over when it cannot renew', async () => {
    const a = new Candidate('a');
    await clock.advance(0);
    api.before = () => {
      throw new Error('down');
    };
    await clock.advance(9_900);
    expect(a.leading).toBe(true);
    await clock.advance(200);
    expect(a.leading).toBe(false);
    expect(a.elector.term).toBeUndefined();
    api.before = undefined;
    await clock.advance(3000);
    expect(a.leading).toBe(true);
  });

  it('steps down in time even while a renewal hangs', async () => {
    const a = new Candidate('a');
    await clock.advance(0);
    let release = () => {};
    api.before = () => new Promise((resolve) => (release = resolve));
    await clock.advance(10_100);
    expect(a.leading).toBe(false);
    api.before = undefined;
    release();
  });

  it('takes over from a leader that vanished, after the lease has run out on its own clock', async () => {
    const gone = {
      holderIdentity: 'gone',
      leaseDurationSeconds: 15,
      leaseTransitions: 6,
      renewTime: '2001-01-01T00:00:00.000000Z',
    };
    await new TypedClient(api).resource(Lease).create({ metadata: key, spec: gone });
    const a = new Candidate('a');
    await clock.advance(14_000);
    expect(a.leading).toBe(false);
    await clock.advance(4_000);
    expect(a.leading).toBe(true);
    expect(a.terms[0]!.number).toBe(7);
  });

  it('gives the lease back when closed in the middle of getting it', async () => {
    let release = () => {};
    api.before = () => new Promise((resolve) => (release = resolve));
    const a = new Candidate('a');
    await clock.advance(0);
    const closed = a.elector.close();
    api.before = undefined;
    release();
    await clock.advance(0);
    await closed;
    expect(a.terms).toEqual([]);
    expect((await lease()).spec!.holderIdentity).toBe('');
  });

  it('stops at once when someone else holds the lease', async () => {
    const a = new Candidate('a');
    await clock.advance(0);
    const current = await lease();
    await new TypedClient(api)
      .resource(Lease)
      .update({ ...current, spec: { ...current.spec, holderIdentity: 'thief' } });
    await clock.advance(2100);
    expect(a.leading).toBe(false);
  });

  it('keeps a leader that slept from writing when it wakes up', async () => {
    const a = new Candidate('a');
    await clock.advance(0);
    const fenced = new TypedClient(new FencedTransport(api, a.elector)).resource(ConfigMap);
    await fenced.create({ metadata: { namespace: 'shop', name: 'awake' } });
    // Time goes on, but none of its timers runs: as after a pause of the whole process.
    jest.spyOn(clock, 'monotonic').mockReturnValue(clock.monotonic() + 60_000);
    await expect(fenced.create({ metadata: { namespace: 'shop', name: 'asleep' } })).rejects.toThrow('not leading');
    expect((await fenced.list()).items.map(({ metadata }) => metadata.name)).toEqual(['awake']);
  });
});
