import type { ApiRequest, PatchType, RequestOptions, Verb } from '@gantry/api';

/** The path and query of a request, as the Kubernetes API lays them out. */
export function requestUrl(request: ApiRequest): string {
  const { group, version, resource, namespace, name, subresource } = request;
  const base = group ? ['apis', group, version] : ['api', version];
  const parts = [...base, ...(namespace ? ['namespaces', namespace] : []), resource, ...(name ? [name] : [])];
  // A subresource may be a path of its own: `proxy/index.html`.
  const path = parts.map(encodeURIComponent).join('/') + (subresource ? `/${subresource}` : '');
  const query = queryOf(request.verb, request.options ?? {}).toString();
  return `/${path}${query && `?${query}`}`;
}

export function requestMethod(verb: Verb): string {
  return METHODS[verb];
}

const METHODS: Record<Verb, string> = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
};

export const PATCH_TYPES: Record<PatchType, string> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

function queryOf(verb: Verb, options: RequestOptions): URLSearchParams {
  const query = new URLSearchParams();
  if (verb === 'watch') query.set('watch', 'true');
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === false) continue;
    query.set(name, name === 'dryRun' ? 'All' : String(value));
  }
  return query;
}
