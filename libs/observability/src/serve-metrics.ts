import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Closeable } from '@gantry/base';
import type { Health, HealthEndpoint } from './health';
import type { Metrics } from './metrics';

export interface MetricsServer extends Closeable {
  /** Where it listens, e.g. `http://127.0.0.1:41241`. */
  url: string;
  close(): Promise<void>;
}

const HEALTH_ENDPOINTS: readonly string[] = ['healthz', 'readyz', 'livez'] satisfies HealthEndpoint[];

/** Serves /metrics and the health endpoints for a component that has no HTTP server of its own. Port 0: the system chooses. */
export function serveMetrics(options: {
  metrics: Metrics;
  health: Health;
  host?: string;
  port: number;
}): Promise<MetricsServer> {
  const host = options.host ?? '127.0.0.1';
  const server = createServer((request, response) => {
    answer(request, response, options.metrics, options.health).catch((error: unknown) =>
      response.destroy(error as Error),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => {
              closed();
            });
            server.closeAllConnections();
          }),
      });
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  metrics: Metrics,
  health: Health,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const endpoint = pathname.slice(1);
  if (request.method !== 'GET') {
    response.writeHead(405).end();
  } else if (endpoint === 'metrics') {
    response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.text());
  } else if (HEALTH_ENDPOINTS.includes(endpoint)) {
    const report = await health.report(endpoint as HealthEndpoint, {
      verbose: searchParams.has('verbose'),
      exclude: searchParams.getAll('exclude'),
    });
    response.writeHead(report.healthy ? 200 : 500, { 'content-type': 'text/plain; charset=utf-8' }).end(report.text);
  } else {
    response.writeHead(404).end();
  }
}
