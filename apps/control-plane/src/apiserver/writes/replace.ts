import { type KubeObject, decode, equalJson, invalid } from '@gantry/api';
import type { AdmissionAttempt } from '../../admission/admission';
import { type AnyObject, type Call, type Services, namespaceOf } from '../call';
import { isDone } from '../deletion/deletion';
import type { View } from '../views/view';
import { checkNameInUrl, checkResourceVersion } from './metadata';
import { type Decision, type Outcome, modify } from './modify';

/**
 * Writes an object through a view: the document comes from `documentFor` (the body of an update, or the current
 * document with a patch applied), and passes decoding, defaults, admission and validation before it is stored.
 */
export async function replace(
  services: Services,
  call: Call,
  name: string,
  view: View,
  documentFor: (current: KubeObject) => unknown,
): Promise<Outcome> {
  return modify(services, call, name, async (current): Promise<Decision> => {
    const { kind } = call;
    const document = readDocument(call, view, documentFor(current));
    checkNameInUrl(name, document.metadata);
    checkResourceVersion(kind, document.metadata.resourceVersion, current);
    const object = view.fold(document, current, call);
    const attempt = admissionAttempt(call, 'update', object, current);
    await services.admission.mutate(attempt);
    raiseGeneration(call, object, current);
    const errors = view.validate(object, current, kind);
    if (errors.length > 0) throw invalid(kind, name, errors);
    for (const warning of kind.strategy.warnings?.(object, current) ?? []) call.warnings.add(warning);
    await services.admission.validate(attempt);
    return isDone(object) ? 'remove' : { to: object };
  });
}

/** The object of a request's body: of the view's kind, its types checked, unknown fields reported as asked. */
export function readDocument(call: Call, view: View, body: unknown): KubeObject {
  const { fieldValidation } = call.options;
  const { duplicates } = call.request;
  const { object, warnings } = decode(view.documentKind(call.kind), body, { fieldValidation, duplicates });
  for (const warning of warnings) call.warnings.add(warning);
  return object;
}

export function admissionAttempt(
  call: Call,
  operation: AdmissionAttempt['operation'],
  object?: KubeObject,
  old?: KubeObject,
): AdmissionAttempt {
  const { kind, user, request, options } = call;
  const name = (object ?? old)?.metadata.name ?? request.name ?? '';
  const dryRun = options.dryRun ?? false;
  return {
    operation,
    kind,
    subresource: request.subresource,
    namespace: namespaceOf(call),
    name,
    object,
    old,
    user,
    dryRun,
  };
}

/** The generation counts states of the spec, so that a status can say which one it is about. */
function raiseGeneration({ kind }: Call, object: AnyObject, current: AnyObject): void {
  const { generation } = current.metadata;
  if (generation === undefined || equalJson(object.spec, current.spec)) return;
  if (kind.strategy.bumpsGeneration?.(object, current) === false) return;
  object.metadata.generation = generation + 1;
}
