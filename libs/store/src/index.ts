/**
 * Where desired state lives.
 *
 * - `store.ts`: the contract every implementation keeps, and its errors.
 * - `keys.ts`: the whole tree of keys.
 * - `memory/`: in this process, for tests and single-process use.
 * - `etcd/`: over etcd v3.
 * - `watch-cache/`: one resource in memory, for any number of lists and watches.
 * - `store-suite.ts`: what each implementation must pass.
 */
export * from './etcd/etcd-store';
export * from './keys';
export * from './memory/memory-store';
export * from './store';
export * from './store-suite';
export * from './watch-cache';
