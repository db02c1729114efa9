import { readFile } from 'node:fs/promises';
import { Node } from '@gantry/api';
import { errorCode, writeFileDurably } from '@gantry/base';
import type { Informer } from '@gantry/client';

/**
 * The range this node's pods get their addresses from. The control plane gives it once; it is kept in a file, so that a
 * node which starts while no control plane answers still knows it.
 */
export async function nodeRange(file: string, nodes: Informer<Node>, name: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
    return '';
  });
  if (kept !== '') return kept;
  const given = await new Promise<string>((resolve) => {
    const look = (): void => {
      const range = nodes.cache.get({ name })?.spec?.podCIDR;
      if (!range) return;
      void watching.close();
      resolve(range);
    };
    const watching = nodes.onChange(look);
    look();
  });
  await writeFileDurably(file, given);
  return given;
}
