import type { ByteRange } from '../drivers/blob-store';
import { RegistryFault } from '../errors';

/**
 * The part of `size` bytes that a Range header asks for (RFC 9110, section 14), or undefined for all of them: several
 * ranges at once are answered with the whole, as the RFC allows. Throws RANGE_INVALID for what lies outside.
 */
export function requestedRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, first, last] = match;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start <= end) return { start, end };
  throw new RegistryFault('RANGE_INVALID', undefined, undefined, { 'content-range': `bytes */${size}` });
}

/** `Content-Range: 0-1023` as uploads use it (with or without the unit and total of RFC 9110). */
export function contentRange(header: string | undefined): ByteRange | undefined {
  if (header === undefined) return undefined;
  const match = /^(?:bytes )?(\d+)-(\d+)(?:\/(?:\d+|\*))?$/.exec(header.trim());
  const [start, end] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || start > end + 1)
    throw new RegistryFault('RANGE_INVALID', 'Content-Range is not of the form first-last');
  return { start, end };
}
