import {
  DeleteOptions,
  type KubeObject,
  badRequest,
  checkFields,
  conflict,
  decodeOptions,
  invalid,
  success,
} from '@gantry/api';
import type { Answer, Call, Services } from '../call';
import { isDone, markDeleted } from '../deletion/deletion';
import { type Outcome, modify } from '../writes/modify';
import { admissionAttempt } from '../writes/replace';

/** Deletes an object: at once, or by marking it for those who have something to do before it goes. */
export async function remove(services: Services, call: Call): Promise<Answer> {
  const options = readDeleteOptions(call);
  if (options.dryRun?.length) call.options.dryRun = true;
  const { object, result } = await removeObject(services, call, call.request.name!, options);
  if (result !== 'removed') return { body: object };
  const { kind } = call;
  const { name, uid } = object.metadata;
  return { body: success({ name, ...(kind.group && { group: kind.group }), kind: kind.plural, uid }) };
}

/** Asks for the end of one object; the outcome says whether it is gone already. */
export async function removeObject(
  services: Services,
  call: Call,
  name: string,
  options: DeleteOptions,
): Promise<Outcome> {
  return modify(services, call, name, async (current) => {
    checkPreconditions(call, current, options);
    await services.admission.validate(admissionAttempt(call, 'delete', undefined, current));
    const marked = markDeleted(call, current, options);
    return isDone(marked) ? 'remove' : { to: marked };
  });
}

/** The body's options, or, without a body, those of the query. */
export function readDeleteOptions({ request, options }: Call): DeleteOptions {
  const { gracePeriodSeconds, propagationPolicy } = options;
  if (request.body === undefined) return { gracePeriodSeconds, propagationPolicy };
  const { object } = decodeOptions(DeleteOptions, request.body, { fieldValidation: 'Ignore' });
  const errors = checkFields(DeleteOptions, object);
  if (errors.length > 0) throw invalid({ group: '', plural: 'deleteoptions', kind: 'DeleteOptions' }, '', errors);
  if (object.propagationPolicy !== undefined && object.orphanDependents !== undefined) {
    throw badRequest('orphanDependents and propagationPolicy cannot be both set');
  }
  return object;
}

function checkPreconditions({ kind }: Call, { metadata }: KubeObject, { preconditions }: DeleteOptions): void {
  if (preconditions?.uid && preconditions.uid !== metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${preconditions.uid}, UID in object meta: ${metadata.uid}`;
    throw conflict(kind, metadata.name, why);
  }
  if (preconditions?.resourceVersion && preconditions.resourceVersion !== metadata.resourceVersion) {
    const why = `Precondition failed: ResourceVersion in precondition: ${preconditions.resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`;
    throw conflict(kind, metadata.name, why);
  }
}
