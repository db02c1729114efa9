import { type ApiRequest, type RequestOptions, type Verb, badRequest } from '@gantry/api';

/** What a URL of the API asks for; the body comes later. */
export type RequestInfo =
  | { type: 'resource'; request: Omit<ApiRequest, 'body' | 'patchType'>; query: URLSearchParams }
  | { type: 'path'; path: string; query: URLSearchParams };

// Resources below a namespace object itself, rather than in the namespace.
const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize']);

/**
 * Reads method and URL as Kubernetes does:
 * `/api/v1/…` and `/apis/GROUP/VERSION/…`, then `[namespaces/NS/]RESOURCE[/NAME[/SUBRESOURCE]]`.
 * Anything else is a plain path (health, discovery, metrics). Throws BadRequest for malformed queries.
 */
export function readRequestInfo(method: string, url: string): RequestInfo {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  const parts = path.split('/').filter((part) => part !== '');
  const root = parts.shift();
  if ((root !== 'api' || parts.length < 2) && (root !== 'apis' || parts.length < 3))
    return { type: 'path', path, query };

  const group = root === 'api' ? '' : parts.shift()!;
  const version = parts.shift()!;
  const watchPrefix = parts[0] === 'watch' && parts.length > 1;
  if (watchPrefix) parts.shift();
  const target = readTarget(parts.map(decodeSegment));
  const verb = readVerb(method, target.name !== undefined, watchPrefix || readBoolean(query, 'watch') === true);
  const request = { verb, group, version, ...target, options: readOptions(query) };
  return { type: 'resource', request: verb === 'watch' ? narrowToName(request) : request, query };
}

type Target = Pick<ApiRequest, 'namespace' | 'resource' | 'name' | 'subresource'>;

function readTarget(parts: string[]): Target {
  if (parts[0] === 'namespaces' && parts.length > 2 && !NAMESPACE_SUBRESOURCES.has(parts[2]!)) {
    const [, namespace, resource = '', name, ...subresource] = parts;
    return { namespace, resource, name, subresource: subresource.join('/') || undefined };
  }
  const [resource = '', name, ...subresource] = parts;
  return { resource, name, subresource: subresource.join('/') || undefined };
}

function readVerb(method: string, named: boolean, watch: boolean): Verb {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (watch) return 'watch';
      return named ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return named ? 'delete' : 'deletecollection';
    default:
      throw badRequest(`the method ${method} is not part of the API`);
  }
}

/** A watch of one object is a watch of its collection that selects the name. */
function narrowToName<R extends Omit<ApiRequest, 'body'>>(request: R): R {
  if (request.name === undefined || request.subresource !== undefined) return request;
  const byName = `metadata.name=${request.name}`;
  const fieldSelector = request.options?.fieldSelector ? `${request.options.fieldSelector},${byName}` : byName;
  return { ...request, name: undefined, options: { ...request.options, fieldSelector } };
}

function readOptions(query: URLSearchParams): RequestOptions {
  if (query.size === 0) return {};
  const dryRun = query.getAll('dryRun');
  if (dryRun.some((value) => value !== 'All'))
    throw badRequest(`Invalid value: "${dryRun.join()}": dryRun supports only "All"`);
  return {
    labelSelector: query.get('labelSelector') ?? undefined,
    fieldSelector: query.get('fieldSelector') ?? undefined,
    resourceVersion: query.get('resourceVersion') ?? undefined,
    resourceVersionMatch: readEnum(query, 'resourceVersionMatch', ['Exact', 'NotOlderThan']),
    limit: readInteger(query, 'limit'),
    continue: query.get('continue') ?? undefined,
    timeoutSeconds: readInteger(query, 'timeoutSeconds'),
    allowWatchBookmarks: readBoolean(query, 'allowWatchBookmarks'),
    sendInitialEvents: readBoolean(query, 'sendInitialEvents'),
    dryRun: dryRun.length > 0 || undefined,
    fieldManager: query.get('fieldManager') ?? undefined,
    fieldValidation: readEnum(query, 'fieldValidation', ['Ignore', 'Warn', 'Strict']),
    force: readBoolean(query, 'force'),
    gracePeriodSeconds: readInteger(query, 'gracePeriodSeconds'),
    propagationPolicy: readEnum(query, 'propagationPolicy', ['Orphan', 'Background', 'Foreground']),
  };
}

function readInteger(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (!value) return undefined;
  if (!/^-?\d{1,15}$/.test(value)) throw badRequest(`${name}: Invalid value: "${value}": must be an integer`);
  return Number(value);
}

function readBoolean(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  // `?watch` alone means yes, as for every parameter of the API machinery.
  return !['false', '0'].includes(value.toLowerCase());
}

function readEnum<T extends string>(query: URLSearchParams, name: string, values: readonly T[]): T | undefined {
  const value = query.get(name);
  if (!value) return undefined;
  if (!values.includes(value as T))
    throw badRequest(`${name}: Unsupported value: "${value}": supported values: "${values.join('", "')}"`);
  return value as T;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    throw badRequest(`"${segment}" is not a valid URL path segment`, error);
  }
}
