import { randomUUID } from 'node:crypto';

/** A random number in [0, 1). */
export const random = (): number => Math.random();

export const uuid = (): string => randomUUID();

// The alphabet of Kubernetes' generated names: no vowels and no look-alikes, so no words appear by accident.
const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A random suffix for generated object names, e.g. `x7k2p`. */
export function nameSuffix(length = 5): string {
  let suffix = '';
  for (let i = 0; i < length; i++) suffix += NAME_ALPHABET.charAt(Math.floor(random() * NAME_ALPHABET.length));
  return suffix;
}
