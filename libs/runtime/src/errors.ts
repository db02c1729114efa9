/** Why the engine refused, in words a caller can branch on. */
export type RuntimeErrorReason =
  /** No such container, sandbox or image. */
  | 'NotFound'
  /** It exists but its state does not allow this. */
  | 'Conflict'
  /** The request can never work as written. */
  | 'Invalid'
  /** The registry, the disk or the OCI runtime failed; its own words are in the message. */
  | 'Failed';

export class RuntimeError extends Error {
  override name = 'RuntimeError';

  constructor(
    readonly reason: RuntimeErrorReason,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export const notFound = (kind: 'container' | 'sandbox' | 'image', id: string): RuntimeError =>
  new RuntimeError('NotFound', `no such ${kind}: ${id}`);

export const conflict = (message: string): RuntimeError => new RuntimeError('Conflict', message);

export const invalid = (message: string): RuntimeError => new RuntimeError('Invalid', message);

export const failed = (message: string, cause?: unknown): RuntimeError =>
  new RuntimeError('Failed', message, cause === undefined ? undefined : { cause });

/** For promises of clean-up steps that may find their object gone already. */
export function isReason(error: unknown, reason: RuntimeErrorReason): boolean {
  return error instanceof RuntimeError && error.reason === reason;
}
