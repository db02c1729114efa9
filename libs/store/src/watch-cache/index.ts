export * from './cache-watch';
export { Change, type ChangeType, type Filter } from './change';
export * from './watch-cache';
