import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@gantry/base';
import { exponentialBuckets, type Metrics } from '@gantry/observability';
import { isLongRunning } from './long-running';
import type { RequestInfo } from './request-info';

const RESOURCE_LABELS = ['verb', 'group', 'version', 'resource', 'subresource', 'scope'] as const;

type Labels = Record<(typeof RESOURCE_LABELS)[number], string>;

/** One request, from its first byte to its last. */
export interface ObservedRequest {
  /** Says what it turned out to ask for. */
  is(info: RequestInfo): void;
}

/** The figures of the API's requests, under kube-apiserver's names. */
export class RequestMetrics {
  private readonly total;
  private readonly duration;
  private readonly longRunning;
  private readonly inflight;

  constructor(
    metrics: Metrics,
    private readonly clock: Clock,
  ) {
    this.total = metrics.counter('apiserver_request_total', 'Requests answered.', [...RESOURCE_LABELS, 'code']);
    this.duration = metrics.histogram(
      'apiserver_request_duration_seconds',
      'Time from a request to its answer; long-running ones are left out.',
      RESOURCE_LABELS,
      { buckets: exponentialBuckets(0.001, 2.5, 12) },
    );
    this.longRunning = metrics.gauge(
      'apiserver_longrunning_requests',
      'Watches and streams under way.',
      RESOURCE_LABELS,
    );
    this.inflight = metrics.gauge('apiserver_current_inflight_requests', 'Requests under way.', ['request_kind']);
  }

  begin(request: IncomingMessage, response: ServerResponse): ObservedRequest {
    const began = this.clock.monotonic();
    const requestKind = request.method === 'GET' ? 'readOnly' : 'mutating';
    let labels: Labels | undefined;
    let long = false;
    this.inflight.inc({ request_kind: requestKind });
    response.once('close', () => {
      this.inflight.dec({ request_kind: requestKind });
      if (!labels) return;
      this.total.inc({ ...labels, code: String(response.statusCode) });
      if (long) this.longRunning.dec(labels);
      else this.duration.observe(labels, (this.clock.monotonic() - began) / 1000);
    });
    return {
      is: (info) => {
        labels = labelsOf(info, request.method!);
        long = isLongRunning(info);
        if (long) this.longRunning.inc(labels);
      },
    };
  }
}

function labelsOf(info: RequestInfo, method: string): Labels {
  if (info.type === 'path') {
    return { verb: method, group: '', version: '', resource: '', subresource: '', scope: '' };
  }
  const { verb, group, version, resource, subresource = '', namespace, name } = info.request;
  const scope = name ? 'resource' : namespace ? 'namespace' : 'cluster';
  return { verb: verb.toUpperCase(), group, version, resource, subresource, scope };
}
