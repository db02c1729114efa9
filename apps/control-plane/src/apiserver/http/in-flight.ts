import type { IncomingMessage, ServerResponse } from 'node:http';
import { tooManyRequests } from '@gantry/api';
import { isLongRunning } from './long-running';
import type { RequestInfo } from './request-info';

export interface InFlightLimits {
  reads: number;
  writes: number;
}

/** As many as Kubernetes' API server takes on at once. */
const DEFAULT_LIMITS: InFlightLimits = { reads: 400, writes: 200 };
const RETRY_AFTER_SECONDS = 1;

/** Keeps a crowd from drowning the server: beyond the limits, requests for resources are told to come back. */
export class InFlight {
  private readonly current: InFlightLimits = { reads: 0, writes: 0 };

  constructor(private readonly limits: InFlightLimits = DEFAULT_LIMITS) {}

  /** Counts the request until its answer is out. Throws TooManyRequests beyond the limit. */
  admit(info: RequestInfo, request: IncomingMessage, response: ServerResponse): void {
    if (info.type !== 'resource' || isLongRunning(info)) return;
    const sort = request.method === 'GET' || request.method === 'HEAD' ? 'reads' : 'writes';
    if (this.current[sort] >= this.limits[sort]) throw tooManyRequests(RETRY_AFTER_SECONDS);
    this.current[sort]++;
    response.once('close', () => {
      this.current[sort]--;
    });
  }
}
