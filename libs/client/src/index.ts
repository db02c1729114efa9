/**
 * How every part of the system uses the API.
 *
 * - `transport.ts`: the ways to the apiserver, as one interface; `https/` is the one for other machines.
 * - `typed-client.ts`: `client.resource(Pod)` with typed verbs.
 * - `informer/`: a kind kept in memory with indexes, and handlers that hear of changes.
 * - `events/`: telling people what happened to an object.
 */
export * from './events/event-recorder';
export * from './https/https-transport';
export * from './https/kubeconfig';
export { requestUrl } from './https/request-url';
export * from './informer/informer';
export * from './informer/informer-set';
export type { IndexValues, Lister } from './informer/object-cache';
export { ObjectCache } from './informer/object-cache';
export * from './object-key';
export * from './transport';
export * from './typed-client';
