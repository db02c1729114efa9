import { StatusError, badRequest } from '@gantry/api';
import { StoreUnavailable } from '@gantry/store';
import type { ObjectCache } from '../storage/resource-caches';

/** A resourceVersion of a request as a revision. Clients only hand back what they were given; anything else is an error. */
export function readRevision(text: string): number {
  if (!/^\d{1,16}$/.test(text))
    throw badRequest(`resourceVersion: Invalid value: "${text}": must be an unsigned integer`);
  return Number(text);
}

/**
 * Waits until the cache is as fresh as `resourceVersion` demands: absent = sees all that was written before now,
 * 0 = whatever it has, N = at least N.
 */
export async function awaitFreshness(cache: ObjectCache, resourceVersion: string | undefined): Promise<void> {
  if (!resourceVersion) return cache.fresh();
  const revision = readRevision(resourceVersion);
  if (revision === 0) return;
  try {
    await cache.reached(revision);
  } catch (error) {
    if (error instanceof StoreUnavailable) throw tooLarge(revision, cache.revision, error);
    throw error;
  }
}

/** The client has seen a revision that this server has not: it asks a moment too early, or of another cluster. */
function tooLarge(revision: number, current: number, cause: Error): StatusError {
  return new StatusError(
    'Timeout',
    `Timeout: Too large resource version: ${revision}, current: ${current}`,
    { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds: 1 },
    { cause },
  );
}
