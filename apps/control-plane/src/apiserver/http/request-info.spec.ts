import { readRequestInfo } from './request-info';

describe('readRequestInfo', () => {
  it.each([
    ['GET', '/api/v1/pods', { verb: 'list', group: '', version: 'v1', resource: 'pods' }],
    ['GET', '/api/v1/namespaces', { verb: 'list', resource: 'namespaces' }],
    ['GET', '/api/v1/namespaces/a', { verb: 'get', resource: 'namespaces', name: 'a' }],
    [
      'PUT',
      '/api/v1/namespaces/a/finalize',
      { verb: 'update', resource: 'namespaces', name: 'a', subresource: 'finalize' },
    ],
    [
      'PATCH',
      '/api/v1/namespaces/a/status',
      { verb: 'patch', resource: 'namespaces', name: 'a', subresource: 'status' },
    ],
    ['POST', '/api/v1/namespaces/a/pods', { verb: 'create', resource: 'pods', namespace: 'a' }],
    ['DELETE', '/api/v1/namespaces/a/pods', { verb: 'deletecollection', resource: 'pods', namespace: 'a' }],
    ['DELETE', '/api/v1/namespaces/a/pods/x', { verb: 'delete', name: 'x' }],
    ['POST', '/api/v1/namespaces/a/pods/x/binding', { verb: 'create', name: 'x', subresource: 'binding' }],
    ['GET', '/apis/apps/v1/deployments?watch=1', { verb: 'watch', group: 'apps', resource: 'deployments' }],
    ['GET', '/api/v1/watch/namespaces/a/pods', { verb: 'watch', resource: 'pods', namespace: 'a' }],
    [
      'GET',
      '/apis/apps/v1/namespaces/a/deployments/x/scale',
      { verb: 'get', name: 'x', subresource: 'scale', group: 'apps' },
    ],
    ['GET', '/api/v1/nodes/n1/proxy/a/b', { verb: 'get', resource: 'nodes', name: 'n1', subresource: 'proxy/a/b' }],
  ])('%s %s', (method, url, expected) => {
    expect(readRequestInfo(method, url)).toMatchObject({ type: 'resource', request: expected });
  });

  it.each(['/api/v1/namespaces', '/api/v1/namespaces/a'])('%s lies in no namespace', (url) => {
    expect(readRequestInfo('GET', url)).not.toHaveProperty('request.namespace');
  });

  it.each([
    '/',
    '/api',
    '/api/v1',
    '/apis',
    '/apis/apps',
    '/apis/apps/v1',
    '/healthz/etcd',
    '/openapi/v3/apis/apps/v1',
  ])('%s is no resource', (url) => {
    expect(readRequestInfo('GET', url).type).toBe('path');
  });

  it('turns a watch of one object into a watch that selects its name', () => {
    const url = '/api/v1/namespaces/a/pods/x?watch=true&fieldSelector=spec.nodeName%3Dn1';
    expect(readRequestInfo('GET', url)).toMatchObject({
      request: { verb: 'watch', name: undefined, options: { fieldSelector: 'spec.nodeName=n1,metadata.name=x' } },
    });
  });

  it('reads the options', () => {
    const info = readRequestInfo(
      'GET',
      '/api/v1/pods?limit=500&labelSelector=a%3Db&allowWatchBookmarks=true&resourceVersion=0',
    );
    expect(info).toMatchObject({
      request: { options: { limit: 500, labelSelector: 'a=b', allowWatchBookmarks: true, resourceVersion: '0' } },
    });
  });

  it.each([
    ['GET', '/api/v1/pods?limit=many', 'limit: Invalid value: "many"'],
    ['POST', '/api/v1/namespaces/a/pods?dryRun=Some', 'dryRun supports only "All"'],
    ['POST', '/api/v1/namespaces/a/pods?fieldValidation=Loose', 'fieldValidation: Unsupported value: "Loose"'],
    ['GET', '/api/v1/pods/%zz', '"%zz" is not a valid URL path segment'],
    ['TRACE', '/api/v1/pods', 'the method TRACE is not part of the API'],
  ])('refuses %s %s', (method, url, message) => {
    expect(() => readRequestInfo(method, url)).toThrow(message);
  });
});
