/** The distribution spec's error codes, each with its HTTP status and what it says unless told better. */
const ERRORS = {
  BLOB_UNKNOWN: [404, 'blob unknown to registry'],
  BLOB_UPLOAD_INVALID: [400, 'blob upload invalid'],
  BLOB_UPLOAD_UNKNOWN: [404, 'blob upload unknown to registry'],
  DIGEST_INVALID: [400, 'provided digest did not match uploaded content'],
  MANIFEST_BLOB_UNKNOWN: [400, 'manifest references content unknown to this repository'],
  MANIFEST_INVALID: [400, 'manifest invalid'],
  MANIFEST_UNKNOWN: [404, 'manifest unknown'],
  NAME_INVALID: [400, 'invalid repository name'],
  NAME_UNKNOWN: [404, 'repository name not known to registry'],
  PAGINATION_NUMBER_INVALID: [400, 'invalid number of results requested'],
  RANGE_INVALID: [416, 'requested range not satisfiable'],
  SIZE_INVALID: [400, 'provided length did not match content length'],
  SIZE_EXCEEDED: [413, 'content is larger than this registry accepts'],
  TAG_INVALID: [400, 'manifest tag did not match URI'],
  UNSUPPORTED: [405, 'the operation is unsupported'],
  NOT_FOUND: [404, 'no such page'],
  UNKNOWN: [500, 'unknown error'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof ERRORS;

/** A request is refused: rendered as the spec's error body. */
export class RegistryFault extends Error {
  override name = 'RegistryFault';
  readonly status: number;

  constructor(
    readonly code: ErrorCode,
    message: string = ERRORS[code][1],
    /** Anything that helps the client's user, as JSON. */
    readonly detail?: unknown,
    /** Sent with the answer, e.g. where an upload stands. */
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = ERRORS[code][0];
  }
}
