import { exponentialBuckets, type Metrics } from '@gantry/observability';
import type { FastifyInstance } from 'fastify';

/** Counts and times every request, by the kind of thing it is about. */
export function measureRequests(server: FastifyInstance, metrics: Metrics): void {
  const labels = ['method', 'resource', 'code'] as const;
  const total = metrics.counter('registry_http_requests_total', 'Requests answered.', labels);
  const seconds = metrics.histogram(
    'registry_http_request_duration_seconds',
    'From the request line to the end of the answer.',
    ['method', 'resource'],
    { buckets: exponentialBuckets(0.001, 4, 9) },
  );
  const bytes = metrics.counter('registry_http_bytes_total', 'Bytes of bodies, as announced.', ['direction']);
  server.addHook('onResponse', (request, reply, done) => {
    const resource = resourceOf(request.routeOptions.url ?? '');
    const { method } = request;
    total.inc({ method, resource, code: reply.statusCode });
    seconds.observe({ method, resource }, reply.elapsedTime / 1000);
    bytes.inc({ direction: 'received' }, Number(request.headers['content-length'] ?? 0));
    if (method !== 'HEAD') bytes.inc({ direction: 'sent' }, Number(reply.getHeader('content-length') ?? 0));
    done();
  });
}

/** `/v2/:repository/blobs/uploads/:id` → `uploads`. */
function resourceOf(route: string): string {
  return /(uploads|blobs|manifests|tags|referrers|_catalog)(?!.*uploads)/.exec(route)?.[1] ?? 'other';
}
