import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isStatus, notFound, Pod } from '@gantry/api';
import { TypedClient } from '../typed-client';
import { HttpsTransport } from './https-transport';

describe('HttpsTransport', () => {
  let server: Server;
  let transport: HttpsTransport;
  let client: TypedClient;
  let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
  const seen: { method?: string; url?: string; body: string; headers: IncomingMessage['headers'] }[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ method: request.method, url: request.url, body, headers: request.headers });
        answer(request, response, body);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    transport = new HttpsTransport({ server: url, token: 'abc' });
    client = new TypedClient(transport);
  });
  beforeEach(() => {
    seen.length = 0;
    answer = (_request, response) => response.end(JSON.stringify({ kind: 'Pod', metadata: { name: 'front' } }));
  });
  afterAll(() => {
    transport.close();
    server.closeAllConnections();
    server.close();
  });

  const key = { namespace: 'shop', name: 'front' };
  it.each<[string, (c: TypedClient) => Promise<unknown>, string, string]>([
    ['get', (c) => c.resource(Pod).get(key), 'GET', '/api/v1/namespaces/shop/pods/front'],
    [
      'list',
      (c) => c.resource(Pod).list({ labelSelector: 'a=b', limit: 5 }),
      'GET',
      '/api/v1/pods?labelSelector=a%3Db&limit=5',
    ],
    [
      'create',
      (c) => c.resource(Pod).create({ metadata: key }, { dryRun: true }),
      'POST',
      '/api/v1/namespaces/shop/pods?dryRun=All',
    ],
    ['status', (c) => c.resource(Pod).patchStatus(key, {}), 'PATCH', '/api/v1/namespaces/shop/pods/front/status'],
    [
      'bind',
      (c) => c.resource(Pod).createSubresource(key, 'binding', {}),
      'POST',
      '/api/v1/namespaces/shop/pods/front/binding',
    ],
    ['delete', (c) => c.resource(Pod).delete(key), 'DELETE', '/api/v1/namespaces/shop/pods/front'],
  ])('speaks the API: %s', async (_name, call, method, url) => {
    await call(client);
    expect(seen[0]).toMatchObject({ method, url, headers: { authorization: 'Bearer abc' } });
  });

  it('says what kind of patch it sends', async () => {
    await client.resource(Pod).patch(key, 'strategic', { spec: {} });
    expect(seen[0]!.headers['content-type']).toBe('application/strategic-merge-patch+json');
  });

  it('turns a Status into the error it stands for', async () => {
    const failure = notFound({ group: '', plural: 'pods', kind: 'Pod' }, 'front');
    answer = (_request, response) => response.writeHead(404).end(JSON.stringify(failure.toStatus()));
    await expect(client.resource(Pod).get(key)).rejects.toMatchObject({ reason: 'NotFound', message: failure.message });
    expect(await client.resource(Pod).find(key)).toBeUndefined();
  });

  it('makes an error of whatever else a proxy answers', async () => {
    answer = (_request, response) => response.writeHead(503).end('<html>no</html>');
    await expect(client.resource(Pod).get(key)).rejects.toMatchObject({
      reason: 'ServiceUnavailable',
      message: '<html>no</html>',
    });
  });

  it('tells a server that is not there from a request whose fate is unknown', async () => {
    const nowhere = new TypedClient(new HttpsTransport({ server: 'http://127.0.0.1:1' }));
    await expect(nowhere.resource(Pod).get(key)).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
    answer = (request) => request.socket.destroy();
    await expect(client.resource(Pod).create({ metadata: key })).rejects.toMatchObject({
      reason: 'Timeout',
    });
  });

  it('asks again when a kept connection turns out to be closed', async () => {
    await client.resource(Pod).get(key);
    const usual = answer;
    answer = (request) => {
      answer = usual;
      request.socket.destroy();
    };
    expect(await client.resource(Pod).get(key)).toMatchObject({ kind: 'Pod' });
  });

  it('reads a watch line by line, and stops when told', async () => {
    answer = (_request, response) => {
      response.write('{"type":"ADDED","object":{"metadata":{"name":"a"}}}\n{"type":"MODI');
      setTimeout(() => response.write('FIED","object":{"metadata":{"name":"b"}}}\n'), 20);
    };
    const stop = new AbortController();
    const names: string[] = [];
    for await (const event of client.resource(Pod).watch({ resourceVersion: '5' }, stop.signal)) {
      names.push(event.object.metadata.name);
      if (names.length === 2) stop.abort();
    }
    expect(names).toEqual(['a', 'b']);
    expect(seen[0]!.url).toBe('/api/v1/pods?watch=true&resourceVersion=5');
  });

  it.each([
    [
      'refused',
      (response: ServerResponse) => response.writeHead(410).end('{"kind":"Status","reason":"Expired","code":410}'),
    ],
    [
      'ended by an error',
      (response: ServerResponse) => response.end('{"type":"ERROR","object":{"reason":"Expired","code":410}}\n'),
    ],
  ])('throws Expired from a watch %s for its version', async (_how, respond) => {
    answer = (_request, response) => respond(response);
    const read = async () => {
      for await (const event of client.resource(Pod).watch({}, new AbortController().signal))
        expect(event).toBeUndefined();
    };
    const error = await read().catch((thrown: unknown) => thrown);
    expect(isStatus(error, 'Expired')).toBe(true);
  });
});
