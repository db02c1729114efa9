import { Health } from './health';
import { Metrics } from './metrics';
import { serveMetrics, type MetricsServer } from './serve-metrics';

describe('serveMetrics', () => {
  let server: MetricsServer;
  let well = true;
  beforeAll(async () => {
    const metrics = new Metrics();
    metrics.counter('things_total', 'Things.').inc(3);
    const health = new Health().add('disk', () => {
      if (!well) throw new Error('full');
    });
    server = await serveMetrics({ metrics, health, port: 0 });
  });
  afterAll(() => server.close());

  it('serves the metrics', async () => {
    const response = await fetch(`${server.url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('things_total 3');
  });

  it('serves health by status', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    well = false;
    const response = await fetch(`${server.url}/readyz`);
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('[-]disk failed: full');
    expect((await fetch(`${server.url}/livez?verbose`)).status).toBe(200);
  });

  it('knows nothing else', async () => {
    expect((await fetch(`${server.url}/secrets`)).status).toBe(404);
  });
});
