/** What a server serves, told to clients: pure functions of the registry. */
export * from './discovery';
export { compareVersions, groupsOf, groupVersionPath } from './groups';
export type { GroupOfKinds } from './groups';
