import { groupsOf, groupVersionPath } from '../discovery';
import type { KindRegistry } from '../kind';
import { componentNames, componentsOf } from './components';
import type { OpenApiDocument } from './document';
import { pathsOf } from './paths';

/**
 * The OpenAPI v3 documents of all groups and versions, by the path they are served under: `/openapi/v3/apis/apps/v1`
 * has the one called `apis/apps/v1`. `version` is the server's, for people to read.
 */
export function openApiDocuments(registry: KindRegistry, version: string): Map<string, OpenApiDocument> {
  const names = componentNames(registry);
  const documents = new Map<string, OpenApiDocument>();
  for (const group of groupsOf(registry)) {
    for (const { version: groupVersion, kinds } of group.versions) {
      documents.set(groupVersionPath(group.name, groupVersion), {
        openapi: '3.0.0',
        info: { title: 'Gantry', version },
        paths: Object.assign({}, ...kinds.map((kind) => pathsOf(kind, names))) as OpenApiDocument['paths'],
        components: { schemas: componentsOf(kinds, names) },
      });
    }
  }
  return documents;
}
