/**
 * The built-in kinds with the whole field set of their stable version (Kubernetes 1.34): one file per kind, parts that
 * several kinds share in files of their own.
 */
export * from './binding';
export * from './condition';
export * from './config-map';
export * from './event';
export * from './eviction';
export * from './lease';
export * from './namespace';
export * from './node/node';
export * from './node/node-spec';
export * from './node/node-status';
export * from './pod/affinity';
export * from './pod/container';
export * from './pod/container-status';
export { allContainers } from './pod/defaults';
export * from './pod/env';
export * from './pod/key-selectors';
export * from './pod/pod';
export * from './pod/pod-spec';
export * from './pod/pod-status';
export * from './pod/pod-template';
export * from './pod/probe';
export * from './pod/projected-volume';
export { qosClass } from './pod/resource-needs';
export * from './pod/resources';
export * from './pod/scheduling';
export * from './pod/security-context';
export * from './pod/vendor-volumes';
export * from './pod/volume';
export * from './references';
export * from './registry';
export * from './secret';
export * from './service-account';
export * from './service/endpoint-slice';
export * from './service/endpoints';
export * from './service/service';
export { HEADLESS } from './service/service-type';
export * from './well-known';
export * from './workload/deployment';
export * from './workload/replica-set';
export * from './workload/scale';
