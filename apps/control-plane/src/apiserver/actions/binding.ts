import {
  type Binding,
  type Pod,
  badRequest,
  cloneJson,
  conflict,
  decode,
  kindOf,
  Binding as BindingSchema,
  success,
} from '@gantry/api';
import { type Answer, type Call, type Services, timestamp } from '../call';
import { modify } from '../writes/modify';
import { admissionAttempt } from '../writes/replace';

const bindingKind = kindOf(BindingSchema);

/** `pods/binding`: puts a pod on a node, once and for all. This is how schedulers write their decisions. */
export async function bind(services: Services, call: Call): Promise<Answer> {
  const { object: binding } = decode(bindingKind, call.request.body, { fieldValidation: 'Ignore' });
  const { target, metadata } = binding;
  if (target.kind && target.kind !== 'Node')
    throw badRequest(`target.kind: Unsupported value: "${target.kind}": supported values: "Node"`);
  if (!target.name) throw badRequest('target.name: Required value');
  const name = call.request.name ?? metadata.name;
  await modify(services, call, name, async (current) => {
    const pod = cloneJson(current) as Pod;
    checkBindable(call, pod, binding);
    assign(call, pod, binding);
    const attempt = admissionAttempt(call, 'update', pod, current);
    await services.admission.mutate(attempt);
    await services.admission.validate(attempt);
    return { to: pod };
  });
  return { body: success(), created: true };
}

function checkBindable({ kind }: Call, { metadata, spec }: Pod, { metadata: claimed }: Binding): void {
  const { name } = metadata;
  if (claimed.uid && claimed.uid !== metadata.uid) {
    throw conflict(
      kind,
      name,
      `Precondition failed: UID in precondition: ${claimed.uid}, UID in object meta: ${metadata.uid}`,
    );
  }
  if (claimed.resourceVersion && claimed.resourceVersion !== metadata.resourceVersion) throw conflict(kind, name);
  if (metadata.deletionTimestamp)
    throw conflict(kind, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  if (spec.nodeName) throw conflict(kind, name, `pod ${name} is already assigned to node "${spec.nodeName}"`);
  if (spec.schedulingGates?.length) throw conflict(kind, name, `pod ${name} has non-empty .spec.schedulingGates`);
}

function assign(call: Call, pod: Pod, { target, metadata }: Binding): void {
  pod.spec.nodeName = target.name;
  if (metadata.annotations) pod.metadata.annotations = { ...pod.metadata.annotations, ...metadata.annotations };
  if (metadata.labels) pod.metadata.labels = { ...pod.metadata.labels, ...metadata.labels };
  const others = (pod.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  const scheduled = { type: 'PodScheduled', status: 'True' as const, lastTransitionTime: timestamp(call.now) };
  pod.status.conditions = [...others, scheduled];
}
