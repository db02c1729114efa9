import type { IncomingMessage } from 'node:http';
import { errorCode, errorMessage } from '@gantry/base';

/**
 * A registry could not be reached or said no. `code` is the distribution spec's (`MANIFEST_UNKNOWN`, `UNAUTHORIZED`, …),
 * `UNREACHABLE` when no answer came, or `UNKNOWN` when the answer carried none; `message` holds the registry's own words.
 */
export class RegistryError extends Error {
  override name = 'RegistryError';
  constructor(
    readonly code: string,
    message: string,
    /** HTTP status; undefined when no answer came. */
    readonly status?: number,
    options?: ErrorOptions & { /** Milliseconds the registry asked to wait. */ retryAfter?: number },
  ) {
    super(message, options);
    this.retryAfter = options?.retryAfter;
  }

  readonly retryAfter?: number;

  /** Trying the same again may help: no answer, overload, or a fault on the other side. */
  get transient(): boolean {
    return this.status === undefined || this.status === 429 || this.status === 408 || this.status >= 500;
  }
}

const ERROR_BODY_MAX_BYTES = 64 * 1024;

/** Reads the error that a response carries; the response is used up. */
export async function errorOf(response: IncomingMessage): Promise<RegistryError> {
  const status = response.statusCode ?? 0;
  const seconds = Number(response.headers['retry-after']);
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
  const body = await readStart(response);
  const { code, message } = firstError(body) ?? { code: codeOf(status), message: response.statusMessage ?? '' };
  return new RegistryError(code, message || `HTTP status ${status}`, status, { retryAfter });
}

/** A failure of the connection itself. */
export function noAnswer(cause: unknown): RegistryError {
  const reason = errorMessage(cause) || errorCode(cause) || 'connection failed';
  return new RegistryError('UNREACHABLE', reason, undefined, { cause });
}

/** Says which hosts failed with what. The last one, the registry itself, gives code and status if it answered. */
export function allFailed(failures: { host: string; error: RegistryError }[]): RegistryError {
  const message = failures.map(({ host, error }) => `${host}: ${error.message}`).join('; ');
  const answered = failures.filter(({ error }) => error.status !== undefined);
  const { error } = answered.at(-1) ?? failures.at(-1)!;
  return new RegistryError(error.code, message, error.status, { cause: error, retryAfter: error.retryAfter });
}

function firstError(body: string): { code: string; message: string } | undefined {
  try {
    const { errors } = JSON.parse(body) as { errors?: { code?: unknown; message?: unknown; detail?: unknown }[] };
    const first = errors?.[0];
    if (!first || typeof first.code !== 'string') return undefined;
    const message = typeof first.message === 'string' && first.message !== '' ? first.message : first.code;
    return { code: first.code, message };
  } catch {
    return undefined; // Not the spec's error body: a proxy's page, or nothing at all.
  }
}

function codeOf(status: number): string {
  if (status === 401) return 'UNAUTHORIZED';
  if (status === 403) return 'DENIED';
  if (status === 429) return 'TOOMANYREQUESTS';
  return 'UNKNOWN';
}

async function readStart(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > ERROR_BODY_MAX_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
