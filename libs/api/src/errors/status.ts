import type { FieldErrorType } from './field-error';
import { reasonCodes } from './reasons';
import type { StatusReason } from './reasons';

/** The answer to a request that failed, or that has no object to return (metav1.Status). */
export interface Status {
  apiVersion: 'v1';
  kind: 'Status';
  metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number };
  status: 'Success' | 'Failure';
  message?: string;
  reason?: StatusReason;
  details?: StatusDetails;
  code: number;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  /** The resource or kind the failure is about. */
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  /** Seconds after which trying again makes sense. */
  retryAfterSeconds?: number;
}

export interface StatusCause {
  reason?: FieldErrorType | 'NamespaceTerminating' | 'ResourceVersionTooLarge';
  message?: string;
  field?: string;
}

/** A failed request, inside the server and in clients alike: whatever the transport, this is what is thrown. */
export class StatusError extends Error {
  override name = 'StatusError';

  constructor(
    readonly reason: StatusReason,
    message: string,
    readonly details?: StatusDetails,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** The HTTP status code. */
  get code(): number {
    return reasonCodes[this.reason];
  }

  toStatus(): Status {
    const { reason, message, details, code } = this;
    return {
      apiVersion: 'v1',
      kind: 'Status',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(details && { details }),
      code,
    };
  }

  /** The error a Status stands for; a reason we do not know becomes the one that fits its code. */
  static fromStatus(status: Partial<Status>): StatusError {
    const { code = 500, message = 'unknown error', details } = status;
    return new StatusError(knownReason(status.reason) ?? reasonForCode(code), message, details);
  }
}

/** The answer to a request that succeeded without an object to return. */
export function success(details?: StatusDetails): Status {
  return { apiVersion: 'v1', kind: 'Status', metadata: {}, status: 'Success', ...(details && { details }), code: 200 };
}

/** Whether something thrown is a StatusError, of one of the reasons if any are given. */
export function isStatus(error: unknown, ...reasons: StatusReason[]): error is StatusError {
  return error instanceof StatusError && (reasons.length === 0 || reasons.includes(error.reason));
}

function knownReason(reason: string | undefined): StatusReason | undefined {
  return reason !== undefined && Object.hasOwn(reasonCodes, reason) ? (reason as StatusReason) : undefined;
}

function reasonForCode(code: number): StatusReason {
  const found = Object.entries(reasonCodes).find(([, known]) => known === code);
  if (found) return found[0] as StatusReason;
  return code >= 500 ? 'InternalError' : 'BadRequest';
}
