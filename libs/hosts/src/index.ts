/**
 * Hosts of their own on one machine, for `gantry up` and the tests: each has its own processes, mounts, host name and
 * network stack, and all are joined by a bridge. Powering one off is as sudden as pulling the plug.
 */
export { removeCgroups } from './cgroups';
export { command } from './command';
export * from './host';
export { ensureLan, removeLan, linkExists, type Lan } from './lan';
export * from './process-id';
export { until } from './until';
