import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { requestEntityTooLarge } from '@gantry/api';
import { MAX_BODY_BYTES } from './body';

/** The bytes of a request's body, unpacked if compressed. Throws RequestEntityTooLarge before more than the limit is held. */
export async function readRequestBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw requestEntityTooLarge(MAX_BODY_BYTES);
  const source = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw requestEntityTooLarge(MAX_BODY_BYTES);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
