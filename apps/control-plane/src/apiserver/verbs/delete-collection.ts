import { type KubeList, isStatus } from '@gantry/api';
import type { Answer, Call, Services } from '../call';
import { list } from './list';
import { readDeleteOptions, removeObject } from './delete';

// Deletions under way at once: enough to hide the store's latency, few enough to leave room for others.
const CONCURRENCY = 16;

/** Deletes all objects of a selection, each as a delete of its own would; answers what there was. */
export async function deleteCollection(services: Services, call: Call): Promise<Answer> {
  const options = readDeleteOptions(call);
  if (options.dryRun?.length) call.options.dryRun = true;
  const listed = (await list(services, call)).body as KubeList;
  const waiting = [...listed.items];
  const worker = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { name, namespace } = next.metadata;
      const one: Call = { ...call, request: { ...call.request, name, namespace } };
      await removeObject(services, one, name, options).catch(ignoreGone);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return { body: listed };
}

function ignoreGone(error: unknown): void {
  if (!isStatus(error, 'NotFound')) throw error;
}
