import { FutureRevision, PreconditionFailed, RevisionCompacted, type Entry, type Operation, type Store } from './store';
import { SuiteFixture, type Follower } from './suite-fixture';

/**
 * What every Store must do, as jest tests. `factory` opens one store for the whole suite; each test writes under a
 * prefix of its own, so the store need not be empty.
 */
export function storeSuite(name: string, factory: () => Promise<Store>): void {
  describe(`${name} as a Store`, () => {
    let store: Store;
    const tests = { count: 0 };
    beforeAll(async () => {
      store = await factory();
    });
    afterAll(() => store.close());

    const fixture = () => new SuiteFixture(store, `/suite/${++tests.count}/`);
    describe('reads and writes', () => {
      readsAndWrites(fixture);
    });
    describe('preconditions', () => {
      preconditions(fixture);
    });
    describe('transactions', () => {
      transactions(fixture);
    });
    describe('lists', () => {
      lists(fixture);
    });
    describe('watches', () => {
      watches(fixture);
    });
  });
}

function readsAndWrites(fixture: () => SuiteFixture): void {
  it('gives back what was put, with the revisions of creation and last write', async () => {
    const at = fixture();
    const created = await at.commit(at.put('a', 'one'));
    const changed = await at.commit(at.put('a', 'two'));
    expect(changed).toBeGreaterThan(created);
    expect(await at.get('a')).toEqual({
      key: at.key('a'),
      value: Buffer.from('two'),
      createRevision: created,
      modRevision: changed,
    });
  });

  it('gives undefined for an absent and for a deleted key', async () => {
    const at = fixture();
    expect(await at.get('a')).toBeUndefined();
    await at.commit(at.put('a', 'one'));
    await at.commit(at.delete('a'));
    expect(await at.get('a')).toBeUndefined();
  });

  it('counts a key put after its deletion as newly created', async () => {
    const at = fixture();
    await at.commit(at.put('a', 'one'));
    await at.commit(at.delete('a'));
    const revision = await at.commit(at.put('a', 'two'));
    expect(await at.get('a')).toMatchObject({ createRevision: revision, modRevision: revision });
  });

  it('keeps any bytes', async () => {
    const at = fixture();
    const value = Buffer.from([0, 255, 1, 128, 10, 13]);
    await at.commit({ type: 'put', key: at.key('a'), value });
    expect((await at.get('a'))!.value.equals(value)).toBe(true);
  });

  it('sees every write acknowledged before', async () => {
    const at = fixture();
    for (let i = 0; i < 20; i++) {
      const revision = await at.commit(at.put('a', String(i)));
      expect((await at.get('a'))!.modRevision).toBe(revision);
      expect(await at.store.revision()).toBeGreaterThanOrEqual(revision);
    }
  });

  it('forgets a leased key in time, and keeps one that was put again without lease', async () => {
    const at = fixture();
    await at.commit({ ...at.put('gone', 'x'), leaseSeconds: 1 }, { ...at.put('kept', 'x'), leaseSeconds: 1 });
    await at.commit(at.put('kept', 'y'));
    const follower = at.follow(await at.store.revision());
    await follower.until((events) => events.some((event) => event.type === 'delete'), 12_000);
    expect(await at.contents()).toEqual(['kept=y']);
    follower.close();
  }, 15_000);
}

function preconditions(fixture: () => SuiteFixture): void {
  it.each<[string, (at: SuiteFixture) => Operation]>([
    ['create of a present key', (at) => at.put('a', 'new', 0)],
    ['update at another revision', (at) => at.put('a', 'new', 1)],
    ['delete at another revision', (at) => at.delete('a', 1)],
    ['check of another revision', (at) => ({ type: 'check', key: at.key('a'), expect: 1 })],
  ])('refuse a %s and name what is there', async (_what, operation) => {
    const at = fixture();
    const revision = await at.commit(at.put('a', 'old'));
    const failure = await at.failure(operation(at));
    expect(failure).toBeInstanceOf(PreconditionFailed);
    expect(failure).toMatchObject({ key: at.key('a'), current: { modRevision: revision, value: Buffer.from('old') } });
    expect(await at.contents()).toEqual(['a=old']);
  });

  it('refuse an update of an absent key', async () => {
    const at = fixture();
    const failure = await at.failure(at.put('a', 'new', 7));
    expect(failure).toBeInstanceOf(PreconditionFailed);
    expect((failure as PreconditionFailed).current).toBeUndefined();
  });

  it('let writes pass at the expected revision', async () => {
    const at = fixture();
    const first = await at.commit(at.put('a', '1', 0));
    const second = await at.commit(at.put('a', '2', first));
    await at.commit(at.delete('a', second));
    expect(await at.contents()).toEqual([]);
  });

  it('hold for all operations of a transaction, or none is applied', async () => {
    const at = fixture();
    await at.commit(at.put('a', 'old'));
    const before = await at.store.revision();
    const failure = await at.failure(at.put('b', 'new', 0), at.put('a', 'new', 0), at.delete('c'));
    expect(failure).toMatchObject({ name: 'PreconditionFailed', key: at.key('a') });
    expect(await at.contents()).toEqual(['a=old']);
    expect(await at.store.revision()).toBe(before);
  });

  it('let exactly one of the writers who read the same win', async () => {
    const at = fixture();
    await at.commit(at.put('counter', '0', 0));
    const increment = async (): Promise<void> => {
      const entry = (await at.get('counter'))!;
      try {
        await at.commit(at.put('counter', String(Number(entry.value.toString()) + 1), entry.modRevision));
      } catch (error) {
        if (!(error instanceof PreconditionFailed)) throw error;
        await increment();
      }
    };
    await Promise.all(Array.from({ length: 12 }, increment));
    expect(await at.contents()).toEqual(['counter=12']);
  });
}

function transactions(fixture: () => SuiteFixture): void {
  it('apply at one revision', async () => {
    const at = fixture();
    await at.commit(at.put('gone', 'x'));
    const revision = await at.commit(at.put('a', '1', 0), at.put('b', '2', 0), at.delete('gone'));
    const { entries } = await at.store.list(at.prefix);
    expect(entries.map((entry) => [entry.key, entry.modRevision])).toEqual([
      [at.key('a'), revision],
      [at.key('b'), revision],
    ]);
  });

  it('without effect leave the revision', async () => {
    const at = fixture();
    const revision = await at.commit(at.put('a', '1'));
    await at.commit({ type: 'check', key: at.key('a'), expect: revision });
    await at.commit(at.delete('absent'));
    expect(await at.store.revision()).toBe(revision);
  });

  it('that name a key twice are refused', async () => {
    const at = fixture();
    await expect(at.commit(at.put('a', '1'), at.delete('a'))).rejects.toThrow('twice');
    expect(await at.contents()).toEqual([]);
  });
}

function lists(fixture: () => SuiteFixture): void {
  it('are in key order, of the prefix only, with the revision they were read at', async () => {
    const at = fixture();
    for (const key of ['b', 'a', 'a/1', 'c']) await at.commit(at.put(key, 'x'));
    await at.commit({ type: 'put', key: `${at.prefix.slice(0, -1)}0`, value: Buffer.from('outside') });
    const result = await at.store.list(at.prefix);
    expect(result.entries.map((entry) => entry.key.slice(at.prefix.length))).toEqual(['a', 'a/1', 'b', 'c']);
    expect(result).toMatchObject({ revision: await at.store.revision(), more: false, remaining: 0 });
  });

  it('come in pages of one revision while others write', async () => {
    const at = fixture();
    for (const key of ['a', 'b', 'c', 'd', 'e']) await at.commit(at.put(key, 'old'));
    const first = await at.store.list(at.prefix, { limit: 2 });
    expect(first).toMatchObject({ more: true, remaining: 3 });
    await at.commit(at.put('c', 'new'), at.delete('d'), at.put('f', 'new'));
    const after = first.entries[1]!.key;
    const second = await at.store.list(at.prefix, { limit: 10, after, revision: first.revision });
    expect(second.entries.map((entry) => at.show(entry))).toEqual(['c=old', 'd=old', 'e=old']);
    expect(second).toMatchObject({ more: false, remaining: 0, revision: first.revision });
  });

  it('at a revision that is compacted, or not yet reached, are refused', async () => {
    const at = fixture();
    const old = await at.commit(at.put('a', '1'));
    const revision = await at.commit(at.put('a', '2'));
    await at.store.compact(revision);
    const { entries } = await at.store.list(at.prefix, { revision });
    expect(entries.map((entry) => at.show(entry))).toEqual(['a=2']);
    await expect(at.store.list(at.prefix, { revision: old })).rejects.toThrow(RevisionCompacted);
    await expect(at.store.list(at.prefix, { revision: revision + 1000 })).rejects.toThrow(FutureRevision);
  });
}

function watches(fixture: () => SuiteFixture): void {
  it('deliver what came before and after they began, once and in order', async () => {
    const at = fixture();
    const start = await at.store.revision();
    await at.commit(at.put('a', '1'));
    const follower = at.follow(start);
    await at.commit(at.put('b', '1'));
    await at.commit(at.put('a', '2'));
    await at.commit(at.delete('b'));
    await follower.until((events) => events.length >= 4);
    expect(follower.events.map((event) => at.showEvent(event))).toEqual(['a=1', 'b=1', 'a=2', '-b']);
    follower.close();
  });

  it('deliver only their prefix, and report progress past what does not concern them', async () => {
    const at = fixture();
    const follower = at.follow(await at.store.revision(), 'mine/');
    await at.commit(at.put('mine/a', '1'));
    const revision = await at.commit(at.put('other', '1'));
    await follower.until(() => follower.revision >= revision);
    expect(follower.events.map((event) => at.showEvent(event))).toEqual(['mine/a=1']);
    follower.close();
  });

  it('never split a revision', async () => {
    const at = fixture();
    const follower = at.follow(await at.store.revision());
    const revision = await at.commit(...Array.from({ length: 50 }, (_, i) => at.put(`k${i}`, 'x')));
    await follower.until(() => follower.revision >= revision);
    expect(follower.calls).toEqual([{ revision, events: 50 }]);
    follower.close();
  });

  it('end with RevisionCompacted when what followed their start is no longer kept', async () => {
    const at = fixture();
    const old = await at.commit(at.put('a', '1'));
    await at.commit(at.put('a', '2'));
    const revision = await at.commit(at.delete('a'));
    await at.store.compact(revision);
    const tooLate = at.follow(old);
    await tooLate.until(() => tooLate.error !== undefined);
    expect(tooLate.error).toMatchObject({ name: 'RevisionCompacted', compactedTo: revision });
    const inTime = at.follow(revision);
    await at.commit(at.put('a', '3'));
    await inTime.until((events) => events.length > 0);
    expect(inTime.events.map((event) => at.showEvent(event))).toEqual(['a=3']);
    inTime.close();
  });

  it('are silent once closed', async () => {
    const at = fixture();
    const follower = at.follow(await at.store.revision());
    await at.commit(at.put('a', '1'));
    await follower.until((events) => events.length === 1);
    follower.close();
    const witness = at.follow(await at.store.revision());
    const revision = await at.commit(at.put('a', '2'));
    await witness.until(() => witness.revision >= revision);
    expect(follower.events).toHaveLength(1);
    expect(follower.error).toBeUndefined();
    witness.close();
  });

  it('that start at different places all end at the state a list shows', async () => {
    const at = fixture();
    const states: { entries: Entry[]; follower: Follower }[] = [];
    let last = 0;
    for (let i = 0; i < 60; i++) {
      if (i % 10 === 0) {
        const { entries, revision } = await at.store.list(at.prefix);
        states.push({ entries, follower: at.follow(revision) });
      }
      // A fixed but uneven mix of creations, changes and deletions over seven keys.
      last = await at.commit((i * i) % 5 === 4 ? at.delete(`k${(i * 3) % 7}`) : at.put(`k${i % 7}`, String(i)));
    }
    last = await at.commit(at.put('end', 'x'));
    const expected = (await at.store.list(at.prefix)).entries;
    for (const { entries, follower } of states) {
      await follower.until(() => follower.revision >= last);
      expect(follower.fold(entries)).toEqual(expected);
      expect(follower.error).toBeUndefined();
      follower.close();
    }
  });
}
