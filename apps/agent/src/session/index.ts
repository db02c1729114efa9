/**
 * How this node belongs to the cluster.
 *
 * - `joinCluster`: token → key and certificate, kept on disk and renewed ahead of time
 * - `Session`: the standing conversation; its `transport` is the apiserver as this node sees it
 * - `serveStream` with `runtimeStreamActions`: exec, attach, logs and port-forward, when the gateway asks
 */
export { dialInNamespace } from './dial-in-namespace';
export type { NodeIdentity } from './identity';
export { joinCluster, type JoinSettings } from './join';
export { runtimeStreamActions } from './runtime-stream-actions';
export { serveStream } from './serve-stream';
export { Session, type OpenStreamHandler, type SessionOptions } from './session';
export type { ContainerRef, StreamActions } from './stream-actions';
