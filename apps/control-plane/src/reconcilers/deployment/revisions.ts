import { createHash } from 'node:crypto';
import { equalJson, type Deployment, type ReplicaSet } from '@gantry/api';

export const REVISION = 'deployment.kubernetes.io/revision';
export const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
export const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';
export const TEMPLATE_HASH = 'pod-template-hash';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** The number of a ReplicaSet in its Deployment's history; 0 when it has none. */
export function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0) || 0;
}

/** The ReplicaSet that holds the Deployment's present template; the oldest, if there are several. */
export function findNewSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return [...sets]
    .sort((a, b) => Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp))
    .find((set) => equalJson(comparable(set.spec.template), comparable(deployment.spec.template)));
}

function comparable(template: unknown): unknown {
  const { metadata = {}, spec } = (template ?? {}) as { metadata?: { labels?: Record<string, string> }; spec: unknown };
  const { [TEMPLATE_HASH]: _, ...labels } = metadata.labels ?? {};
  return { metadata: { ...metadata, labels }, spec };
}

// Letters and digits that spell no words, as Kubernetes' own suffixes.
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A short name for a template: the same template always has the same, unless a clash was met (`collisionCount`). */
export function templateHash(deployment: Deployment): string {
  const text = JSON.stringify([deployment.spec.template, deployment.status.collisionCount ?? 0]);
  const digest = createHash('sha256').update(text).digest();
  return [...digest.subarray(0, 10)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/** The Deployment's annotations that its ReplicaSets carry, too, so that `rollout history` can show the change's cause. */
export function inheritedAnnotations(deployment: Deployment): Record<string, string> {
  const own = new Set([REVISION, DESIRED_REPLICAS, MAX_REPLICAS, LAST_APPLIED]);
  const entries = Object.entries(deployment.metadata.annotations ?? {});
  return Object.fromEntries(entries.filter(([key]) => !own.has(key)));
}

/** What `kubectl` and the proportional scaling read from a ReplicaSet's annotations. */
export function sizeAnnotations(desired: number, max: number): Record<string, string> {
  return { [DESIRED_REPLICAS]: String(desired), [MAX_REPLICAS]: String(max) };
}
