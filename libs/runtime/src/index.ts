/**
 * The container engine of a node. `runtime.ts` is the contract, `open-runtime.ts` puts the parts together, `paths.ts`
 * shows every file it keeps.
 *
 * An image is pulled (`images/`) blob by blob (`content/`), each layer unpacked while it arrives (`snapshots/`).
 * A sandbox (`sandboxes/`) pins namespaces; a container (`containers/`, one operation a file) is an overlay of
 * snapshots, an OCI configuration (`spec/`, `seccomp/`) and a cgroup (`cgroups/`), created by crun or runc under
 * conmon (`conmon/`), which keeps its stdio, its log (`logs/`) and its exit code while the engine comes and goes.
 * `kernel/` holds the system calls that make all this fast.
 */
export * from './errors';
export type { Logger } from './logger';
export { openRuntime, type RuntimeOptions } from './open-runtime';
export * from './runtime';
