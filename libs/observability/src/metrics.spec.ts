import { exponentialBuckets, Metrics } from './metrics';

describe('Metrics', () => {
  it('prints what was counted, under its labels', async () => {
    const metrics = new Metrics();
    metrics.counter('apiserver_request_total', 'Requests answered.', ['verb']).inc({ verb: 'get' }, 2);
    expect(await metrics.text()).toContain('apiserver_request_total{verb="get"} 2');
  });

  it('gives the same metric to everyone who asks for its name', async () => {
    const metrics = new Metrics();
    metrics.gauge('workqueue_depth', 'Keys waiting.', ['name']).set({ name: 'a' }, 1);
    metrics.gauge('workqueue_depth', 'Keys waiting.', ['name']).set({ name: 'b' }, 2);
    expect(await metrics.text()).toMatch(/workqueue_depth\{name="a"\} 1\nworkqueue_depth\{name="b"\} 2/);
  });

  it('keeps processes apart', async () => {
    new Metrics().counter('only_here_total', 'x').inc();
    expect(await new Metrics().text()).not.toContain('only_here_total');
  });

  it('knows its process when asked to', async () => {
    expect(await new Metrics().watchProcess().text()).toContain('process_resident_memory_bytes');
  });
});

it('exponential buckets grow by their factor', () => {
  expect(exponentialBuckets(0.001, 2, 4)).toEqual([0.001, 0.002, 0.004, 0.008]);
});
