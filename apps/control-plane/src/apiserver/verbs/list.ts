import { type KubeList, badRequest, forbiddenField, invalid, isStatus } from '@gantry/api';
import type { Answer, Call, Services } from '../call';
import { ContinueExpired, printContinueToken, readContinueToken } from '../reads/continue-token';
import { awaitFreshness, readRevision } from '../reads/freshness';
import { type Page, type PageRequest, cachePage, storePage } from '../reads/pages';
import { selectionOf } from '../reads/selection';
import { keyOf } from '../storage/object-storage';

/** Lists from the cache, as fresh as the client asks; from the store's history where it asks for a past revision. */
export async function list(services: Services, call: Call): Promise<Answer> {
  checkOptions(call);
  const { kind } = call;
  const page = await readPage(services, call);
  const metadata: KubeList['metadata'] = { resourceVersion: String(page.revision) };
  const last = page.items.at(-1);
  if (page.more && last) {
    metadata.continue = printContinueToken({ revision: page.revision, after: keyOf(kind, last) });
    metadata.remainingItemCount = page.remaining;
  }
  const body: KubeList = { apiVersion: kind.apiVersion, kind: `${kind.kind}List`, metadata, items: page.items };
  return { body };
}

async function readPage(services: Services, call: Call): Promise<Page> {
  const { kind, options } = call;
  const { resourceVersion } = options;
  const cache = await services.caches.of(kind);
  const request: PageRequest = {
    kind,
    selection: selectionOf(call),
    after: '',
    limit: options.limit || Number.POSITIVE_INFINITY,
  };
  if (options.continue) return continuePage(services, call, request, options.continue);
  if (resourceVersion && isExact(call)) return storePage(services.storage, readRevision(resourceVersion), request);
  await awaitFreshness(cache, resourceVersion);
  return cachePage(cache, request);
}

/** The next page, as of the revision of the first one, wherever that can still be read. */
async function continuePage(services: Services, call: Call, request: PageRequest, text: string): Promise<Page> {
  const token = readContinueToken(text);
  if (!token.after.startsWith(request.selection.prefix))
    throw badRequest('continue key is not valid: it is of another list');
  const next = { ...request, after: token.after };
  const cache = await services.caches.of(call.kind);
  if (token.revision < 0) await cache.fresh();
  if (token.revision < 0 || token.revision === cache.revision) return cachePage(cache, next);
  try {
    return await storePage(services.storage, token.revision, next);
  } catch (error) {
    throw isStatus(error, 'Expired') ? new ContinueExpired(token, error) : error;
  }
}

/** A limit with a revision means exactly that one, unless told otherwise: pages must fit together. */
function isExact({ options: { resourceVersion, resourceVersionMatch, limit } }: Call): boolean {
  if (resourceVersionMatch) return resourceVersionMatch === 'Exact';
  return Boolean(limit) && resourceVersion !== '0';
}

function checkOptions({ options }: Call): void {
  const { resourceVersion, resourceVersionMatch, limit = 0, continue: token } = options;
  if (limit < 0) throw badRequest('limit: Invalid value: must be greater than or equal to 0');
  if (token && resourceVersion && resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  if (!resourceVersionMatch) return;
  if (token) throw matchForbidden('resourceVersionMatch is forbidden when continue is provided');
  if (!resourceVersion) throw matchForbidden('resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (resourceVersionMatch === 'Exact' && resourceVersion === '0') {
    throw matchForbidden('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
}

function matchForbidden(why: string): Error {
  const subject = { group: 'meta.k8s.io', kind: 'ListOptions', plural: 'listoptions' };
  return invalid(subject, '', [forbiddenField('resourceVersionMatch', why)]);
}
