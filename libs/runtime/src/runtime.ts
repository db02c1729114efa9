import type { Readable, Writable } from 'node:stream';
import type { Closeable } from '@gantry/base';

/**
 * The container engine of a node. Pods (Kubernetes) and the Docker API are two faces of it; it knows neither.
 *
 * Everything it makes lives on disk and in the kernel, not in this process: after `kill -9` a new Runtime on the same
 * root adopts what runs (same PIDs), finishes or removes what was half-made, and reports what ended meanwhile.
 * Every operation may be repeated: creating what is there with the same id answers with it, removing what is gone is no error.
 */
export interface Runtime extends Closeable {
  readonly images: Images;
  readonly sandboxes: Sandboxes;
  readonly containers: Containers;
  /** State changes since the subscription, in the order they happened per container. */
  subscribe(listener: (event: RuntimeEvent) => void): Closeable;
}

export interface Images {
  /**
   * Makes the image present and returns it. Layers come in parallel, are verified against their digests and unpacked
   * while they arrive; concurrent pulls share the work. The reference is as a user wrote it (`nginx`, `host:5000/a/b@sha256:…`).
   */
  pull(reference: string, options?: PullOptions): Promise<Image>;
  /** By reference, digest reference, or image id. */
  get(reference: string): Promise<Image | undefined>;
  list(): Promise<Image[]>;
  /** Removes one name, or the image with all its names when an id is given. Refused while a container uses it. */
  remove(reference: string): Promise<void>;
}

export interface PullOptions {
  credentials?: { username: string; password: string };
  onProgress?: (progress: PullProgress) => void;
  signal?: AbortSignal;
}

export interface PullProgress {
  layer: string;
  state: 'waiting' | 'downloading' | 'unpacking' | 'done' | 'exists';
  /** Compressed bytes. */
  received: number;
  total: number;
}

export interface Image {
  /** Digest of the image config: the image id Docker shows. */
  id: string;
  /** Tagged names, canonical (`docker.io/library/busybox:latest`). */
  names: string[];
  /** Digest references (`docker.io/library/busybox@sha256:…`). */
  digests: string[];
  /** Unpacked bytes of all layers. */
  size: number;
  created?: string;
  config: ImageConfig;
}

/** The process settings of an OCI image config. */
export interface ImageConfig {
  User?: string;
  Env?: string[];
  Entrypoint?: string[];
  Cmd?: string[];
  WorkingDir?: string;
  StopSignal?: string;
  ExposedPorts?: Record<string, object>;
  Volumes?: Record<string, object>;
  Labels?: Record<string, string>;
}

/** Namespaces that the containers of one pod share, kept alive without a process of their own. */
export interface Sandboxes {
  create(spec: SandboxSpec): Promise<Sandbox>;
  get(id: string): Promise<Sandbox | undefined>;
  list(): Promise<Sandbox[]>;
  /** Removes the sandbox and every container in it. The caller has detached its network. */
  remove(id: string): Promise<void>;
}

export interface SandboxSpec {
  id: string;
  hostname: string;
  /** `private`: a new network namespace with only loopback; `host`: the node's. */
  network: 'private' | 'host';
  ipc: 'private' | 'host';
  sysctls?: Record<string, string>;
  /** Cgroup of all its containers, below the runtime's own parent. */
  cgroup?: string;
  labels?: Record<string, string>;
}

export interface Sandbox extends SandboxSpec {
  /** A path that `setns` and `ip netns` understand. */
  networkNamespace: string;
  createdAt: string;
}

export interface Containers {
  create(spec: ContainerSpec): Promise<Container>;
  start(id: string): Promise<Container>;
  /** Sends the stop signal, and SIGKILL after the timeout; resolves when the container has ended. */
  stop(id: string, timeoutSeconds: number): Promise<Container>;
  kill(id: string, signal: string): Promise<void>;
  /** Ends it if it runs, and removes its writable layer, bundle and log. */
  remove(id: string): Promise<void>;
  get(id: string): Promise<Container | undefined>;
  list(): Promise<Container[]>;
  /** Resolves when the container has ended. */
  wait(id: string, signal?: AbortSignal): Promise<Container>;
  exec(id: string, options: ExecOptions): Promise<Session>;
  attach(id: string, options: { stdin: boolean }): Promise<Session>;
  logs(id: string, options: LogOptions): AsyncIterable<LogLine>;
  stats(id: string): Promise<ContainerStats>;
  /** Changes live limits. */
  update(id: string, resources: Resources): Promise<void>;
}

export interface ContainerSpec {
  id: string;
  /** Image id or reference; must be present. */
  image: string;
  sandbox?: string;
  /** Replaces the image's Entrypoint; and, when given, its Cmd is ignored. */
  entrypoint?: string[];
  /** Replaces the image's Cmd. */
  command?: string[];
  /** `NAME=value`, over the image's. */
  env?: string[];
  workingDir?: string;
  /** `uid[:gid]` or names, resolved in the image's /etc/passwd and /etc/group. */
  user?: string;
  supplementalGroups?: number[];
  hostname?: string;
  /** `private` (unless given): process 1 of its own; `host`: sees the node's processes. */
  pid?: 'private' | 'host';
  mounts?: Mount[];
  resources?: Resources;
  security?: Security;
  tty?: boolean;
  stdin?: boolean;
  /** Close stdin after the first attached client leaves. */
  stdinOnce?: boolean;
  stopSignal?: string;
  labels?: Record<string, string>;
  cgroup?: string;
  log?: { path?: string; maxBytes?: number; maxFiles?: number };
}

export interface Mount {
  type: 'bind' | 'tmpfs';
  source?: string;
  target: string;
  readOnly?: boolean;
  /** bind only: make the source a folder when nothing is there. Otherwise a missing source is an error. */
  createSource?: boolean;
  propagation?: 'private' | 'rslave' | 'rshared';
  /** tmpfs only. */
  sizeBytes?: number;
  mode?: number;
}

export interface Resources {
  /** Relative weight in cgroup v1 terms (1024 = one share). */
  cpuShares?: number;
  /** Microseconds per period; none = no limit. */
  cpuQuota?: number;
  cpuPeriod?: number;
  memoryBytes?: number;
  memorySwapBytes?: number;
  pids?: number;
  oomScoreAdj?: number;
  cpusetCpus?: string;
}

export interface Security {
  privileged?: boolean;
  capabilitiesAdd?: string[];
  capabilitiesDrop?: string[];
  noNewPrivileges?: boolean;
  readOnlyRootfs?: boolean;
  /** `default`, `unconfined`, or the path of a profile in Docker's JSON form. */
  seccomp?: string;
  /** Leave /proc and /sys unmasked. */
  unmaskedProc?: boolean;
}

export type ContainerPhase = 'created' | 'running' | 'exited';

export interface Container {
  id: string;
  sandbox?: string;
  /** Image id. */
  image: string;
  phase: ContainerPhase;
  pid?: number;
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  /** When exited; undefined if nobody could see it end (its monitor was killed too). */
  exitCode?: number;
  oomKilled?: boolean;
  /** Why it could not be started, in words. */
  error?: string;
  labels: Record<string, string>;
  logPath: string;
  spec: ContainerSpec;
}

export interface ExecOptions {
  command: string[];
  tty?: boolean;
  stdin?: boolean;
  env?: string[];
  user?: string;
  workingDir?: string;
}

/** A conversation with a process: an exec or an attached container. */
export interface Session extends Closeable {
  /** Undefined unless stdin was asked for. Ending it half-closes. */
  stdin?: Writable;
  stdout: Readable;
  /** Nothing arrives here with a TTY. */
  stderr: Readable;
  resize(rows: number, columns: number): Promise<void>;
  /** The exit code; for attach, of the container. */
  exit: Promise<number>;
}

export interface LogOptions {
  follow?: boolean;
  /** Last so many lines. */
  tail?: number;
  /** Lines written at or after this time (milliseconds since the epoch). */
  since?: number;
  until?: number;
  signal?: AbortSignal;
}

export interface LogLine {
  stream: 'stdout' | 'stderr';
  /** RFC 3339 with nanoseconds, as written by conmon. */
  time: string;
  /** With its line end if it had one. */
  bytes: Buffer;
}

export interface ContainerStats {
  /** Nanoseconds of CPU used since start. */
  cpuNanoseconds: number;
  memoryBytes: number;
  /** Without reclaimable page cache, as kubelet counts the working set. */
  memoryWorkingSetBytes: number;
  memoryLimitBytes?: number;
  pids: number;
  throttledPeriods: number;
  periods: number;
}

export interface RuntimeEvent {
  type: 'created' | 'started' | 'exited' | 'removed' | 'oom';
  container: Container;
}
