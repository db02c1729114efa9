import { ConfigMap, Event } from '@gantry/api';
import { FakeClock, MemoryApi } from '@gantry/testing';
import { TypedClient } from '../typed-client';
import { EventRecorder } from './event-recorder';

describe('EventRecorder', () => {
  const clock = new FakeClock(Date.UTC(2030, 0, 1));
  let api: MemoryApi;
  let client: TypedClient;
  let recorder: EventRecorder;
  let dropped: unknown[];
  let about: ConfigMap;
  beforeEach(async () => {
    api = new MemoryApi(clock);
    client = new TypedClient(api);
    dropped = [];
    recorder = new EventRecorder({
      client,
      component: 'kubelet',
      host: 'node-1',
      clock,
      onDropped: (error) => dropped.push(error),
    });
    about = await client.resource(ConfigMap).create({ metadata: { namespace: 'shop', name: 'settings' } });
  });
  afterEach(() => {
    api.close();
  });

  const written = async () => {
    await recorder.flush();
    return (await client.resource(Event).list()).items;
  };

  it('writes what describe shows', async () => {
    recorder.warning({ ...about, fieldPath: 'data' }, 'Unreadable', 'the settings make no sense');
    const [event] = await written();
    expect(event).toMatchObject({
      metadata: { namespace: 'shop', name: expect.stringMatching(/^settings\.[0-9a-z]+$/) },
      involvedObject: {
        kind: 'ConfigMap',
        namespace: 'shop',
        name: 'settings',
        uid: about.metadata.uid,
        fieldPath: 'data',
      },
      type: 'Warning',
      reason: 'Unreadable',
      message: 'the settings make no sense',
      source: { component: 'kubelet', host: 'node-1' },
      firstTimestamp: '2030-01-01T00:00:00Z',
      lastTimestamp: '2030-01-01T00:00:00Z',
      count: 1,
    });
  });

  it('counts what repeats on one object', async () => {
    for (let i = 0; i < 3; i++) {
      recorder.normal(about, 'Pulled', 'pulled');
      await recorder.flush();
      await clock.advance(60_000);
    }
    recorder.normal(about, 'Started', 'started');
    const events = await written();
    expect(events.map(({ reason, count }) => [reason, count])).toEqual([
      ['Pulled', 3],
      ['Started', 1],
    ]);
    expect(events[0]).toMatchObject({ lastTimestamp: '2030-01-01T00:02:00Z' });
  });

  it('writes a burst of the same event once', async () => {
    let writes = 0;
    api.before = () => {
      writes++;
    };
    for (let i = 0; i < 20; i++) recorder.normal(about, 'Pulled', 'pulled');
    await recorder.flush();
    expect(writes).toBe(1);
    expect((await written())[0]!.count).toBe(20);
  });

  it('lets one object tell no more than its share', async () => {
    for (let i = 0; i < 100; i++) recorder.normal(about, 'Loop', `round ${i}`);
    expect(await written()).toHaveLength(25);
    await clock.advance(300_000);
    recorder.normal(about, 'Loop', 'later');
    expect(await written()).toHaveLength(26);
  });

  it('writes anew what has been cleaned away', async () => {
    recorder.normal(about, 'Pulled', 'pulled');
    const [first] = await written();
    await client.resource(Event).delete(first!.metadata);
    recorder.normal(about, 'Pulled', 'pulled');
    expect((await written())[0]!.count).toBe(2);
  });

  it('drops what cannot be written, and goes on', async () => {
    api.before = () => {
      throw new Error('down');
    };
    recorder.normal(about, 'Pulled', 'pulled');
    await recorder.flush();
    expect(dropped).toHaveLength(1);
    api.before = undefined;
    recorder.normal(about, 'Started', 'started');
    expect(await written()).toHaveLength(1);
  });
});
