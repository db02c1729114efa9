/** What specs of several libraries and apps share. Production code never imports it. */
export * from './etcd';
export * from './fake-clock';
export * from './memory-api';
