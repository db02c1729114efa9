import { badRequest } from '@gantry/api';
import type { Answer, Call, Services } from '../call';
import type { View } from '../views/view';
import { replace } from '../writes/replace';

/** Replaces an object, or what the view shows of it, by the request's body. */
export async function update(services: Services, call: Call, view: View): Promise<Answer> {
  const { name, body } = call.request;
  if (body === undefined) throw badRequest('the request has no body');
  const { object } = await replace(services, call, name!, view, () => body);
  return { body: view.show(object, call.kind) };
}
