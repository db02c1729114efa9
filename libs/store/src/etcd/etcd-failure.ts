import { status, type ServiceError } from '@grpc/grpc-js';
import { AmbiguousWrite, StoreUnavailable } from '../store';

/** A failed call to etcd, judged by what it says about the request: did etcd act on it? */
export class EtcdFailure extends Error {
  override name = 'EtcdFailure';

  constructor(
    readonly code: status,
    message: string,
    /**
     * `unsent`: it never left this process; another member may be tried.
     * `refused`: etcd answered that it did nothing.
     * `unknown`: it may have been applied.
     */
    readonly outcome: 'unsent' | 'refused' | 'unknown',
  ) {
    super(message);
  }

  static of(error: ServiceError): EtcdFailure {
    const message = error.details || error.message;
    return new EtcdFailure(error.code, message, outcomeOf(error.code, message));
  }

  /** As the Store's contract names it, for a write or a read. */
  forCaller(kind: 'read' | 'write'): Error {
    if (kind === 'write' && this.outcome === 'unknown') {
      return new AmbiguousWrite(`etcd did not confirm the write, which may or may not have happened: ${this.message}`, {
        cause: this,
      });
    }
    if (!UNAVAILABLE.has(this.code)) return this;
    return new StoreUnavailable(`etcd is not available: ${this.message}`, { cause: this });
  }
}

const UNAVAILABLE = new Set([
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.CANCELLED,
  status.RESOURCE_EXHAUSTED,
  status.UNKNOWN,
]);

// Said by grpc-js before a request has a connection to go out on.
const UNSENT = /No connection established|Name resolution failed|Failed to connect|Waiting for LB pick/;

// Said by etcd before it proposes anything to the quorum.
const REFUSED = /no leader|too many requests|database space exceeded|not capable|lease not found/;

function outcomeOf(code: status, message: string): EtcdFailure['outcome'] {
  switch (code) {
    case status.UNAVAILABLE:
    case status.RESOURCE_EXHAUSTED:
      if (UNSENT.test(message)) return 'unsent';
      return REFUSED.test(message) ? 'refused' : 'unknown';
    case status.DEADLINE_EXCEEDED:
      return UNSENT.test(message) ? 'unsent' : 'unknown';
    case status.INVALID_ARGUMENT:
    case status.NOT_FOUND:
    case status.FAILED_PRECONDITION:
    case status.OUT_OF_RANGE:
    case status.PERMISSION_DENIED:
    case status.UNAUTHENTICATED:
    case status.UNIMPLEMENTED:
      return 'refused';
    default:
      return 'unknown';
  }
}
