import type { KubeObject, ObjectMeta } from './object-meta';

/** A page of objects. */
export interface KubeList<T = KubeObject> {
  apiVersion: string;
  kind: string;
  metadata: ListMeta;
  items: T[];
}

export interface ListMeta {
  resourceVersion?: string;
  /** Opaque; hand it back to get the next page. */
  continue?: string;
  /** Items after this page; absent when a selector makes them unknown. */
  remainingItemCount?: number;
}

/** An object without spec and status, for clients that only want metadata. */
export interface PartialObjectMetadata {
  apiVersion: 'meta.k8s.io/v1';
  kind: 'PartialObjectMetadata';
  metadata: ObjectMeta;
}

/** What `kubectl get` prints. */
export interface Table {
  apiVersion: 'meta.k8s.io/v1';
  kind: 'Table';
  metadata: ListMeta;
  columnDefinitions: TableColumn[];
  rows: TableRow[];
}

export interface TableColumn {
  name: string;
  type: string;
  format: string;
  description: string;
  priority: number;
}

export interface TableRow {
  cells: (string | number | boolean | null)[];
  /** The object, its metadata or nothing, as the client's `includeObject` asks. */
  object?: unknown;
}

/** `GET /api`. */
export interface ApiVersions {
  kind: 'APIVersions';
  versions: string[];
  serverAddressByClientCIDRs: { clientCIDR: string; serverAddress: string }[];
}

/** `GET /apis`. */
export interface ApiGroupList {
  kind: 'APIGroupList';
  apiVersion: 'v1';
  groups: ApiGroup[];
}

export interface ApiGroup {
  kind?: 'APIGroup';
  apiVersion?: 'v1';
  name: string;
  versions: GroupVersion[];
  preferredVersion: GroupVersion;
}

export interface GroupVersion {
  /** `apps/v1` */
  groupVersion: string;
  version: string;
}

/** `GET /api/v1` and `GET /apis/<group>/<version>`. */
export interface ApiResourceList {
  kind: 'APIResourceList';
  apiVersion: 'v1';
  groupVersion: string;
  resources: ApiResource[];
}

export interface ApiResource {
  /** `pods`, or `pods/status` for a subresource. */
  name: string;
  singularName: string;
  namespaced: boolean;
  /** Only when they differ from the list's. */
  group?: string;
  version?: string;
  kind: string;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
}

/** Aggregated discovery (KEP-3352): everything in one answer. */
export interface ApiGroupDiscoveryList {
  kind: 'APIGroupDiscoveryList';
  apiVersion: 'apidiscovery.k8s.io/v2';
  metadata: ListMeta;
  items: ApiGroupDiscovery[];
}

export interface ApiGroupDiscovery {
  metadata: { name?: string; creationTimestamp: null };
  versions: ApiVersionDiscovery[];
}

export interface ApiVersionDiscovery {
  version: string;
  freshness: 'Current' | 'Stale';
  resources: ApiResourceDiscovery[];
}

export interface ApiResourceDiscovery {
  resource: string;
  responseKind: GroupVersionKind;
  scope: 'Namespaced' | 'Cluster';
  singularResource: string;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
  subresources?: ApiSubresourceDiscovery[];
}

export interface ApiSubresourceDiscovery {
  subresource: string;
  responseKind: GroupVersionKind;
  verbs: string[];
}

export interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}
