import { type KubeObject, equalJson, notFound } from '@gantry/api';
import { PreconditionFailed } from '@gantry/store';
import { type Call, type Services, namespaceOf } from '../call';
import { decodeObject, revisionOf } from '../storage/codec';
import { keyOf } from '../storage/object-storage';

/** What becomes of an object: this new state, nothing new, or its end. */
export type Decision = { to: KubeObject } | 'keep' | 'remove';

export interface Outcome {
  object: KubeObject;
  result: 'written' | 'kept' | 'removed';
}

/**
 * Changes one object: `decide` sees its current state (shared, not to be changed) and says what becomes of it.
 * When somebody else is faster, it decides again on their result, as often as it takes; each round means that another
 * write got through, so the whole always moves on.
 *
 * The first round works on the cache. Since that may lag, whatever it refuses or leaves alone is decided once more on
 * what the store has.
 */
export async function modify(
  services: Services,
  call: Call,
  name: string,
  decide: (current: KubeObject) => Promise<Decision>,
): Promise<Outcome> {
  const read = (): Promise<KubeObject | undefined> => services.storage.read(call.kind, namespaceOf(call), name);
  let current = services.caches.peek(call.kind, namespaceOf(call), name);
  let fresh = current === undefined;
  current ??= await read();
  for (;;) {
    if (!current) throw notFound(call.kind, name);
    const round = await attempt(services, call, current, decide);
    if ('outcome' in round && (fresh || round.outcome.result !== 'kept')) return round.outcome;
    if ('overtaken' in round) {
      current = round.overtaken;
      fresh = true;
      continue;
    }
    const stored = fresh ? current : await read();
    fresh = true;
    if (stored && revisionOf(stored) === revisionOf(current)) {
      if ('outcome' in round) return round.outcome;
      throw round.refusal;
    }
    current = stored;
  }
}

type Round = { outcome: Outcome } | { overtaken: KubeObject | undefined } | { refusal: unknown };

async function attempt(
  services: Services,
  call: Call,
  current: KubeObject,
  decide: (current: KubeObject) => Promise<Decision>,
): Promise<Round> {
  let decision: Decision;
  try {
    decision = await decide(current);
  } catch (refusal) {
    return { refusal };
  }
  if (decision === 'keep') return { outcome: { object: current, result: 'kept' } };
  try {
    return { outcome: await carryOut(services, call, current, decision) };
  } catch (error) {
    if (!(error instanceof PreconditionFailed)) throw error;
    if (error.key !== keyOf(call.kind, current)) throw error;
    return { overtaken: error.current && decodeObject(error.current) };
  }
}

async function carryOut(
  services: Services,
  call: Call,
  current: KubeObject,
  decision: Exclude<Decision, 'keep'>,
): Promise<Outcome> {
  if (decision === 'remove') return { object: await remove(services, call, current), result: 'removed' };
  const object = decision.to;
  object.metadata.resourceVersion = current.metadata.resourceVersion;
  if (equalJson(object, current)) return { object: current, result: 'kept' };
  if (call.options.dryRun) await services.companions.preview(call.kind, object, current);
  else await services.companions.store(call.kind, object, current);
  return { object, result: 'written' };
}

async function remove(services: Services, call: Call, current: KubeObject): Promise<KubeObject> {
  if (call.options.dryRun) return current;
  const revision = await services.companions.remove(call.kind, current);
  return { ...current, metadata: { ...current.metadata, resourceVersion: String(revision) } };
}
