/** Labels, annotations and taints with a meaning that several parts of the system, or its users, rely on. */

export const HOSTNAME_LABEL = 'kubernetes.io/hostname';
export const OS_LABEL = 'kubernetes.io/os';
export const ARCH_LABEL = 'kubernetes.io/arch';
export const ZONE_LABEL = 'topology.kubernetes.io/zone';
export const REGION_LABEL = 'topology.kubernetes.io/region';
export const INSTANCE_TYPE_LABEL = 'node.kubernetes.io/instance-type';
/** `node-role.kubernetes.io/<role>` on a node gives it a role. */
export const NODE_ROLE_LABEL_PREFIX = 'node-role.kubernetes.io/';

/** The namespace's own name, for selectors. */
export const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

/** Tells the ReplicaSets of a Deployment apart; part of their pods' selector. */
export const POD_TEMPLATE_HASH_LABEL = 'pod-template-hash';
/** The service an EndpointSlice belongs to. */
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
/** Who keeps an EndpointSlice. */
export const ENDPOINT_SLICE_MANAGED_BY_LABEL = 'endpointslice.kubernetes.io/managed-by';
/** A headless service's mark on its EndpointSlices. */
export const HEADLESS_SERVICE_LABEL = 'service.kubernetes.io/headless';

/** The revision of a ReplicaSet in its Deployment's history. */
export const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';
/** Revisions that a ReplicaSet has had before. */
export const REVISION_HISTORY_ANNOTATION = 'deployment.kubernetes.io/revision-history';
/** Replicas the Deployment wanted when it last scaled the ReplicaSet. */
export const DESIRED_REPLICAS_ANNOTATION = 'deployment.kubernetes.io/desired-replicas';
/** The most replicas, surge included, that the Deployment allowed then. */
export const MAX_REPLICAS_ANNOTATION = 'deployment.kubernetes.io/max-replicas';
/** Shown by `kubectl rollout history`. */
export const CHANGE_CAUSE_ANNOTATION = 'kubernetes.io/change-cause';
/** What `kubectl apply` sent last. */
export const LAST_APPLIED_ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';
/** The container that `kubectl` means unless told. */
export const DEFAULT_CONTAINER_ANNOTATION = 'kubectl.kubernetes.io/default-container';
/** Pods with a lower cost are deleted first when a ReplicaSet shrinks. */
export const POD_DELETION_COST_ANNOTATION = 'controller.kubernetes.io/pod-deletion-cost';

export const NOT_READY_TAINT = 'node.kubernetes.io/not-ready';
export const UNREACHABLE_TAINT = 'node.kubernetes.io/unreachable';
export const UNSCHEDULABLE_TAINT = 'node.kubernetes.io/unschedulable';
export const MEMORY_PRESSURE_TAINT = 'node.kubernetes.io/memory-pressure';
export const DISK_PRESSURE_TAINT = 'node.kubernetes.io/disk-pressure';
export const PID_PRESSURE_TAINT = 'node.kubernetes.io/pid-pressure';
export const NETWORK_UNAVAILABLE_TAINT = 'node.kubernetes.io/network-unavailable';
export const OUT_OF_SERVICE_TAINT = 'node.kubernetes.io/out-of-service';
