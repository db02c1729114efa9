import { serviceUnavailable, type ApiRequest, type Verb, type WatchEvent } from '@gantry/api';
import type { Transport } from '@gantry/client';
import type { Term } from './leader-elector';

const READS: ReadonlySet<Verb> = new Set(['get', 'list', 'watch']);

/**
 * Lets writes through only while its elector leads. Give it to the clients of reconcilers that run under an election:
 * a leader that wakes up after its lease ran out then writes nothing. (Reads, and the lease itself, need no fence.)
 */
export class FencedTransport implements Transport {
  constructor(
    private readonly transport: Transport,
    private readonly elector: { readonly term: Term | undefined },
  ) {}

  async request(request: ApiRequest): Promise<unknown> {
    if (!READS.has(request.verb) && !this.elector.term) {
      throw serviceUnavailable(`not leading: the ${request.verb} of ${request.resource} was not sent`);
    }
    return this.transport.request(request);
  }

  watch(request: ApiRequest, signal: AbortSignal): AsyncIterable<WatchEvent> {
    return this.transport.watch(request, signal);
  }
}
