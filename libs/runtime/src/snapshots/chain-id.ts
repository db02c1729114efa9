import { digestHex, digestOf, type Digest } from '@gantry/oci';

/**
 * Names for each layer together with all below it (OCI image spec, config.md, "Layer ChainID"): the same layer on
 * another base is another snapshot.
 */
export function chainIds(diffIds: readonly Digest[]): Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : digestOf(`${below} ${diffId}`));
  }
  return chain;
}

/** Short enough that over a hundred fit into one mount call, long enough that nobody finds two alike. */
const KEY_LENGTH = 32;

export const snapshotKey = (chainId: Digest): string => digestHex(chainId).slice(0, KEY_LENGTH);
