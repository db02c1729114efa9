/**
 * What everything else stands on: time, randomness, queues, back-off and errors.
 * No network and no knowledge of containers or Kubernetes lives here.
 */
export * from './backoff';
export * from './channel';
export * from './clock';
export * from './durable-file';
export * from './errors';
export * from './random';
