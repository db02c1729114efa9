/** The parts of Kubernetes' meta.k8s.io/v1 that all kinds share, and the documents that describe an API. */
export * from './delete-options';
export * from './documents';
export * from './label-selector';
export * from './object-meta';
