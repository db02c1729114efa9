import type { Clock } from '@gantry/base';
import type { ApiRequest, KindInfo, KindRegistry, KubeObject, RequestOptions, User } from '@gantry/api';
import type { Admission } from '../admission/admission';
import type { Companions } from './writes/companions';
import type { ObjectStorage } from './storage/object-storage';
import type { ResourceCaches } from './storage/resource-caches';

/** What the verbs work with. */
export interface Services {
  kinds: KindRegistry;
  storage: ObjectStorage;
  caches: ResourceCaches;
  admission: Admission;
  companions: Companions;
  clock: Clock;
}

/** One request under way: who asks, for what, and what they should be told besides the answer. */
export interface Call {
  request: ApiRequest;
  user: User;
  kind: KindInfo;
  options: RequestOptions;
  /** Milliseconds since the epoch; one instant for everything the request does. */
  now: number;
  warnings: Set<string>;
}

/** What a verb answers: the object, list or Status, and whether the object is new. */
export interface Answer {
  body: object;
  created?: boolean;
}

/** The namespace the request is in; undefined for cluster-scoped kinds. */
export function namespaceOf(call: Call): string | undefined {
  return call.kind.namespaced ? call.request.namespace : undefined;
}

/** RFC 3339 in whole seconds, as metav1.Time has it. */
export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

export type AnyObject = KubeObject & { spec?: Record<string, unknown>; status?: Record<string, unknown> };
