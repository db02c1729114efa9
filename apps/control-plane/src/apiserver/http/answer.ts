import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { StatusError } from '@gantry/api';
import { stringify } from 'yaml';

const compress = promisify(gzip);
// Smaller answers cost more time to compress than to send.
const MIN_GZIP_BYTES = 128 * 1024;

export interface AnswerOptions {
  format?: 'json' | 'yaml';
  contentType?: string;
  headers?: Record<string, string>;
  /** Shown to the user, each as a Warning header (RFC 7234, 5.5, code 299). */
  warnings?: readonly string[];
}

/** Writes one complete answer in the format the client chose; a body that is text already goes as it is. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  code: number,
  body: object | string,
  { format = 'json', contentType, headers = {}, warnings = [] }: AnswerOptions = {},
): Promise<void> {
  const text = typeof body === 'string' ? body : format === 'yaml' ? stringify(body) : JSON.stringify(body);
  if (warnings.length > 0) response.setHeader('Warning', warnings.map(warningHeader));
  await send(request, response, code, Buffer.from(text), {
    'Content-Type': contentType ?? `application/${format}`,
    'Cache-Control': 'no-cache, private',
    ...headers,
  });
}

/** Writes bytes, compressed if that pays and the client can read it. */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  code: number,
  bytes: Buffer,
  headers: Record<string, string>,
): Promise<void> {
  const zip = bytes.length >= MIN_GZIP_BYTES && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const content = zip ? await compress(bytes, { level: 1 }) : bytes;
  if (response.destroyed) return;
  response.writeHead(code, {
    ...headers,
    ...(zip ? { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' } : {}),
    'Content-Length': content.length,
  });
  response.end(request.method === 'HEAD' ? undefined : content);
}

export function answerText(response: ServerResponse, code: number, text: string, contentType = 'text/plain'): void {
  response.writeHead(code, { 'Content-Type': `${contentType}; charset=utf-8`, 'X-Content-Type-Options': 'nosniff' });
  response.end(text);
}

export async function answerError(
  request: IncomingMessage,
  response: ServerResponse,
  error: StatusError,
): Promise<void> {
  const retryAfter = error.details?.retryAfterSeconds;
  // Whatever of the body was not read must not be taken for the next request.
  if (!request.complete) response.setHeader('Connection', 'close');
  await answer(request, response, error.code, error.toStatus(), {
    headers: retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) },
  });
}

function warningHeader(text: string): string {
  const printable = text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, '\\$&');
  return `299 - "${printable}"`;
}
