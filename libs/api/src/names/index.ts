/** What names, keys and label values may look like, with the reasons that Kubernetes gives for refusing one. */
export * from './rules';
