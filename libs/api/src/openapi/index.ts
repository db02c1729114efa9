/**
 * OpenAPI v3 made from the facts of fields and kinds: `kubectl explain`, validation and strategic merge in clients
 * all work from these documents.
 */
export type * from './document';
export { openApiDocuments } from './openapi';
