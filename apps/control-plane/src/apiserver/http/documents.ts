import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  openApiDocuments,
  type KindRegistry,
} from '@gantry/api';
import { answer, send } from './answer';
import { negotiate } from './negotiation';

const AGGREGATED = { as: 'APIGroupDiscoveryList', group: 'apidiscovery.k8s.io', versions: ['v2', 'v2beta1'] } as const;

/** What the server tells about its API: discovery and OpenAPI. Each document is made once. */
export class ApiDocuments {
  private readonly openApi: Map<string, { bytes: Buffer; hash: string }>;

  constructor(
    private readonly kinds: KindRegistry,
    /** host:port at which clients reach this server. */
    private readonly address: string,
    version: string,
  ) {
    this.openApi = new Map(
      [...openApiDocuments(kinds, version)].map(([path, document]) => {
        const bytes = Buffer.from(JSON.stringify(document));
        return [path, { bytes, hash: hashOf(bytes) }];
      }),
    );
  }

  /** Answers if the path is one of a document; false otherwise. */
  async serve(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const parts = path.split('/').filter((part) => part !== '');
    if (parts[0] === 'openapi') return this.serveOpenApi(parts.slice(1), request, response);
    if (parts[0] !== 'api' && parts[0] !== 'apis') return false;
    if (parts.length === 1) return this.serveRoot(parts[0], request, response);
    const document =
      parts[0] === 'api'
        ? apiResourceList(this.kinds, '', parts[1]!)
        : parts.length === 2
          ? apiGroup(this.kinds, parts[1]!)
          : apiResourceList(this.kinds, parts[1]!, parts[2]!);
    if (!document || parts.length > 3) return false;
    await answer(request, response, 200, document, { format: negotiate(request.headers.accept).format });
    return true;
  }

  private async serveRoot(root: 'api' | 'apis', request: IncomingMessage, response: ServerResponse): Promise<true> {
    const { shape, format } = negotiate(request.headers.accept, [AGGREGATED]);
    if (!shape) {
      const document = root === 'api' ? apiVersions(this.kinds, this.address) : apiGroupList(this.kinds);
      await answer(request, response, 200, document, { format });
      return true;
    }
    const document = { ...aggregatedDiscovery(this.kinds, root), apiVersion: `apidiscovery.k8s.io/${shape.version}` };
    const bytes = Buffer.from(JSON.stringify(document));
    const contentType = `application/json;g=${AGGREGATED.group};v=${shape.version};as=${AGGREGATED.as}`;
    await this.sendTagged(request, response, bytes, hashOf(bytes), { 'Content-Type': contentType });
    return true;
  }

  private async serveOpenApi(parts: string[], request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (parts[0] !== 'v3') return false;
    if (parts.length === 1) {
      const paths = Object.fromEntries(
        [...this.openApi].map(([path, { hash }]) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }]),
      );
      await answer(request, response, 200, { paths });
      return true;
    }
    const document = this.openApi.get(parts.slice(1).join('/'));
    if (!document) return false;
    const asked = new URLSearchParams(request.url?.split('?')[1]).get('hash');
    // A URL with the right hash never gets another answer.
    const cache = asked === document.hash ? 'public, immutable, max-age=31536000' : 'no-cache, private';
    const headers = { 'Content-Type': 'application/json', 'Cache-Control': cache };
    await this.sendTagged(request, response, document.bytes, document.hash, headers);
    return true;
  }

  private async sendTagged(
    request: IncomingMessage,
    response: ServerResponse,
    bytes: Buffer,
    hash: string,
    headers: Record<string, string>,
  ): Promise<void> {
    const tag = `"${hash}"`;
    if (request.headers['if-none-match'] === tag) {
      response.writeHead(304, { ETag: tag }).end();
      return;
    }
    await send(request, response, 200, bytes, { ...headers, ETag: tag, Vary: 'Accept' });
  }
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').toUpperCase();
}
