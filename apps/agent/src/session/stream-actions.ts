import type { Duplex } from 'node:stream';
import type { ExecOptions, LogLine, LogOptions, Session } from '@gantry/runtime';

/** Which container a user means. */
export interface ContainerRef {
  namespace: string;
  pod: string;
  podUid: string;
  container: string;
}

/**
 * What users can do with the pods of this node. Each rejects with a StatusError when it cannot begin, for instance
 * because the container does not run; the user gets that as the answer to the request.
 */
export interface StreamActions {
  exec(target: ContainerRef, options: ExecOptions): Promise<Session>;
  attach(target: ContainerRef, options: { stdin: boolean }): Promise<Session>;
  /** Lines as the runtime keeps them; `previous` means the container's last instance before this one. */
  logs(target: ContainerRef, options: LogOptions & { previous: boolean }): Promise<AsyncIterable<LogLine>>;
  /** A connection to a port on the pod's loopback address. */
  portForward(pod: Omit<ContainerRef, 'container'>, port: number): Promise<Duplex>;
}
