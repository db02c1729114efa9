import { type KubeObject, alreadyExists, badRequest, invalid, nameGenerationFailed, validate } from '@gantry/api';
import { PreconditionFailed } from '@gantry/store';
import type { Answer, Call, Services } from '../call';
import { keyOf } from '../storage/object-storage';
import { objectView } from '../views/object-view';
import { generatedName, initMetadata } from '../writes/metadata';
import { guardNamespace } from '../writes/namespace-guard';
import { admissionAttempt, readDocument } from '../writes/replace';

// With 27^5 suffixes this many collisions in a row mean that something else is wrong.
const GENERATED_NAME_TRIES = 8;

/** Creates an object: the server gives it its identity, and its status is not the client's to set. */
export async function create(services: Services, call: Call): Promise<Answer> {
  const { kind } = call;
  const object = readNew(call);
  const generated = !object.metadata.name && Boolean(object.metadata.generateName);
  initMetadata(call, object);
  await guardNamespace(services, call, object.metadata.name, false);
  kind.strategy.applyDefaults?.(object);
  kind.strategy.prepareForCreate?.(object, { now: call.now });
  const attempt = admissionAttempt(call, 'create', object);
  await services.admission.mutate(attempt);
  const errors = validate(kind, object);
  if (errors.length > 0) throw invalid(kind, object.metadata.name, errors);
  for (const warning of kind.strategy.warnings?.(object) ?? []) call.warnings.add(warning);
  await services.admission.validate(attempt);
  await store(services, call, object, generated);
  return { body: object, created: true };
}

// A node says what it has when it registers; every other status is only ever learnt after creation.
const STATUS_FROM_CLIENT = new Set(['nodes']);

/** The object of the body with the server's defaults. */
function readNew(call: Call): KubeObject {
  const { kind, request } = call;
  if (request.body === undefined) throw badRequest('the request has no body');
  const keepsStatus = !kind.status || STATUS_FROM_CLIENT.has(kind.qualifiedResource);
  const body = keepsStatus ? request.body : { ...request.body, status: undefined };
  return readDocument(call, objectView, body);
}

async function store(services: Services, call: Call, object: KubeObject, generated: boolean): Promise<void> {
  const { kind } = call;
  if (call.options.dryRun) return services.companions.preview(kind, object);
  let fresh = false;
  for (let tries = 1; ;) {
    const { name } = object.metadata;
    try {
      const checks = await guardNamespace(services, call, name, fresh);
      await services.companions.store(kind, object, undefined, checks);
      return;
    } catch (error) {
      if (!(error instanceof PreconditionFailed)) throw error;
      if (error.key !== keyOf(kind, object)) {
        // The namespace changed in between: look at it again.
        fresh = true;
      } else if (!generated) {
        throw alreadyExists(kind, name);
      } else if (++tries > GENERATED_NAME_TRIES) {
        throw nameGenerationFailed(kind, name);
      } else {
        object.metadata.name = generatedName(object.metadata.generateName!);
      }
    }
  }
}
