/** Kinds: how one is declared, what rules it may add, and the registry that everything generic runs on. */
export * from './columns';
export * from './kind';
export * from './registry';
export * from './strategy';
