/** What Nest injects by name, because interfaces have none at run time. */
export const BLOB_STORE = Symbol('BlobStore');
export const METADATA = Symbol('Metadata');
export const LOGGER = Symbol('Logger');
