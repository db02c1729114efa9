import { type DeleteOptions, badRequest, decode, evictionKind, success } from '@gantry/api';
import type { Answer, Call, Services } from '../call';
import { removeObject } from '../verbs/delete';

/** `pods/eviction`: a deletion that disruption budgets may hold up. */
export async function evict(services: Services, call: Call): Promise<Answer> {
  const { request, options } = call;
  const { object: eviction } = decode(evictionKind, request.body, { fieldValidation: 'Ignore' });
  const name = request.name!;
  if (eviction.metadata.name && eviction.metadata.name !== name) {
    throw badRequest(`name in URL does not match name in Eviction object: ${name} vs ${eviction.metadata.name}`);
  }
  const deleteOptions: DeleteOptions = eviction.deleteOptions ?? {};
  if (deleteOptions.dryRun?.length) options.dryRun = true;
  await removeObject(services, call, name, deleteOptions);
  return { body: success(), created: true };
}
