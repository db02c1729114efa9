/**
 * One request of the Kubernetes API, free of any transport: HTTP, gRPC and in-process callers all say this,
 * and all of it passes the same pipeline in the apiserver.
 */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

/** Names a resource as URLs do: `{ group: 'apps', version: 'v1', resource: 'deployments' }`; core's group is ''. */
export interface ResourceRef {
  group: string;
  version: string;
  resource: string;
}

export interface ApiRequest extends ResourceRef {
  verb: Verb;
  namespace?: string;
  name?: string;
  subresource?: string;
  /** The object for create and update, the patch for patch, DeleteOptions for delete. Already parsed JSON. */
  body?: unknown;
  /** Paths of fields that the body's text gave twice: only whoever parsed it can know. */
  duplicates?: readonly string[];
  patchType?: PatchType;
  options?: RequestOptions;
}

/** The query parameters of the API, by their names on the wire. */
export interface RequestOptions {
  labelSelector?: string;
  fieldSelector?: string;
  resourceVersion?: string;
  resourceVersionMatch?: 'Exact' | 'NotOlderThan';
  limit?: number;
  continue?: string;
  /** Seconds. */
  timeoutSeconds?: number;
  allowWatchBookmarks?: boolean;
  sendInitialEvents?: boolean;
  dryRun?: boolean;
  fieldManager?: string;
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  force?: boolean;
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
}

/** Who asks. Groups carry the rights (`system:masters`, `system:nodes`, …). */
export interface User {
  name: string;
  uid?: string;
  groups: string[];
  extra?: Record<string, string[]>;
}

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** A metav1 WatchEvent. For ERROR the object is a Status, for BOOKMARK only its resourceVersion counts. */
export interface WatchEvent<T = unknown> {
  type: WatchEventType;
  object: T;
}
