import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { builtinKinds } from '@gantry/api';
import { type Closeable, systemClock } from '@gantry/base';
import { Health, Metrics, silentLogger } from '@gantry/observability';
import { RequestAuthenticator } from '../../auth/authentication';
import type { KeyPair } from '../../auth/pki/authority';
import { type Pki, ensurePki } from '../../auth/pki/pki';
import { StaticTokens } from '../../auth/static-tokens';
import { World } from '../../testing/world';
import { ApiDocuments } from './documents';
import { HttpApi } from './http-api';
import { InFlight } from './in-flight';
import { listen } from './listen';
import { RequestMetrics } from './request-metrics';
import { ResourceEndpoint } from './resource-endpoint';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  json: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- whatever the server says
}

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

describe('the API over HTTPS', () => {
  let directory: string;
  let pki: Pki;
  let world: World;
  let server: Closeable & { port: number };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'http-api-'));
    pki = await ensurePki({ directory, hosts: ['127.0.0.1'], clock: systemClock });
  });
  afterAll(() => rm(directory, { recursive: true }));

  beforeEach(async () => {
    world = await World.start();
    const { apiserver, authorizer } = world.parts;
    const metrics = new Metrics();
    const api = new HttpApi({
      authenticator: new RequestAuthenticator([new StaticTokens('s3cr3t,ann,1,"dev"')]),
      authorizer,
      resources: new ResourceEndpoint(apiserver, () => undefined, systemClock),
      documents: new ApiDocuments(builtinKinds, '127.0.0.1:6443', 'v1.30.0'),
      health: new Health(),
      metrics,
      requests: new RequestMetrics(metrics, systemClock),
      inFlight: new InFlight(),
      version: { major: '1', minor: '30' },
      clock: systemClock,
      log: silentLogger,
    });
    server = await listen(api, {
      address: '127.0.0.1',
      port: 0,
      serving: pki.serving,
      clientAuthority: pki.authority.certificate,
    });
  });
  afterEach(async () => {
    await server.close();
    await world.close();
  });

  interface Sent {
    method?: string;
    headers?: Record<string, string>;
    body?: string | Buffer;
    identity?: KeyPair | 'nobody';
  }

  function open(
    path: string,
    { method = 'GET', headers = {}, body, identity = pki.admin }: Sent,
  ): Promise<IncomingMessage> {
    const keys = identity === 'nobody' ? {} : { cert: identity.certificate, key: identity.key };
    const options: RequestOptions = {
      host: '127.0.0.1',
      port: server.port,
      path,
      method,
      headers,
      ca: pki.authority.certificate,
      agent: false,
      ...keys,
    };
    return new Promise((resolve, reject) => {
      httpsRequest(options, resolve).on('error', reject).end(body);
    });
  }

  async function send(path: string, sent: Sent = {}): Promise<Answer> {
    const response = await open(path, sent);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { statusCode: status = 0, headers } = response;
    const json: unknown =
      String(headers['content-type']).startsWith('application/json') && !headers['content-encoding'] && body.length
        ? JSON.parse(body.toString())
        : undefined;
    return { status, headers, body, json };
  }

  const create = (name: string, data: Record<string, string> = {}): Promise<Answer> =>
    send(CONFIG_MAPS, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ metadata: { name }, data }),
    });

  it('creates from JSON and YAML, and reads back', async () => {
    expect(await create('a', { x: '1' })).toMatchObject({ status: 201, json: { kind: 'ConfigMap', data: { x: '1' } } });
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {x: "2"}\n';
    const made = await send(CONFIG_MAPS, {
      method: 'POST',
      headers: { 'content-type': 'application/yaml' },
      body: yaml,
    });
    expect(made).toMatchObject({ status: 201, json: { data: { x: '2' } } });
    const read = await send(`${CONFIG_MAPS}/b`, { headers: { accept: 'application/yaml' } });
    expect(read.body.toString()).toContain('x: "2"');
  });

  it.each<[string, string, Sent, number, string]>([
    ['unknown resources', '/api/v1/namespaces/default/things', {}, 404, 'NotFound'],
    ['unknown paths', '/nowhere', {}, 404, 'NotFound'],
    ['missing objects', `${CONFIG_MAPS}/none`, {}, 404, 'NotFound'],
    ['broken JSON', CONFIG_MAPS, { method: 'POST', body: '{' }, 400, 'BadRequest'],
    [
      'bodies of other types',
      CONFIG_MAPS,
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' },
      415,
      'UnsupportedMediaType',
    ],
    [
      'protobuf answers only',
      CONFIG_MAPS,
      { headers: { accept: 'application/vnd.kubernetes.protobuf' } },
      406,
      'NotAcceptable',
    ],
    [
      'bodies over 3 MiB',
      CONFIG_MAPS,
      { method: 'POST', body: Buffer.alloc(3 * 1024 * 1024 + 1, 0x20) },
      413,
      'RequestEntityTooLarge',
    ],
    [
      'bad tokens',
      CONFIG_MAPS,
      { identity: 'nobody', headers: { authorization: 'Bearer guess' } },
      401,
      'Unauthorized',
    ],
    [
      'users without rights',
      CONFIG_MAPS,
      { identity: 'nobody', headers: { authorization: 'Bearer s3cr3t' } },
      403,
      'Forbidden',
    ],
    ['acting as others', CONFIG_MAPS, { headers: { 'impersonate-user': 'ann' } }, 403, 'Forbidden'],
    ['nobody', CONFIG_MAPS, { identity: 'nobody' }, 401, 'Unauthorized'],
  ])('refuses %s with a Status', async (_, path, sent, status, reason) => {
    const answer = await send(path, sent);
    expect(answer).toMatchObject({ status, json: { kind: 'Status', status: 'Failure', code: status, reason } });
  });

  it('refuses a client certificate of another authority', async () => {
    const other = await ensurePki({ directory: join(directory, 'other'), hosts: ['x'], clock: systemClock });
    expect((await send(CONFIG_MAPS, { identity: other.admin })).status).toBe(401);
  });

  it('answers health and version to everybody, metrics to administrators', async () => {
    expect((await send('/healthz', { identity: 'nobody' })).body.toString()).toBe('ok');
    expect((await send('/version', { identity: 'nobody' })).json).toMatchObject({ major: '1' });
    await create('a');
    const metrics = (await send('/metrics')).body.toString();
    expect(metrics).toMatch(/apiserver_request_total\{verb="CREATE",.*resource="configmaps",.*code="201"\} 1/);
    expect((await send('/metrics', { identity: 'nobody' })).status).toBe(401);
  });

  it('prints tables and bare metadata', async () => {
    await create('a', { x: '1', y: '2' });
    const { json: table } = await send(CONFIG_MAPS, { headers: { accept: TABLE } });
    expect((table.columnDefinitions as { name: string }[]).map(({ name }) => name)).toEqual(['Name', 'Data', 'Age']);
    expect(table.rows[0]).toMatchObject({
      cells: ['a', 2, expect.any(String)],
      object: { kind: 'PartialObjectMetadata' },
    });
    const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
    const { json: partial } = await send(CONFIG_MAPS, { headers: { accept } });
    expect(partial).toMatchObject({ kind: 'PartialObjectMetadataList', items: [{ metadata: { name: 'a' } }] });
    expect(partial.items[0].data).toBeUndefined();
  });

  it('compresses large answers for those who can read them', async () => {
    for (let i = 0; i < 3; i++) await create(`big-${i}`, { x: 'y'.repeat(60_000) });
    const answer = await send(CONFIG_MAPS, { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.body.length).toBeLessThan(20_000);
    expect(JSON.parse(gunzipSync(answer.body).toString()).items).toHaveLength(3);
  });

  it('tells warnings in headers', async () => {
    const body = JSON.stringify({ metadata: { name: 'w' }, daat: {} });
    const { headers } = await send(CONFIG_MAPS, { method: 'POST', body });
    expect(headers.warning).toContain('299 - "unknown field \\"daat\\"');
  });

  it('describes itself, and says when nothing changed since', async () => {
    expect(((await send('/apis')).json.groups as { name: string }[]).map(({ name }) => name)).toContain('apps');
    expect((await send('/apis/apps/v1')).json.kind).toBe('APIResourceList');
    const headers = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };
    const aggregated = await send('/apis', { headers });
    expect(aggregated.json.kind).toBe('APIGroupDiscoveryList');
    const etag = String(aggregated.headers.etag);
    expect((await send('/apis', { headers: { ...headers, 'if-none-match': etag } })).status).toBe(304);
    const { paths } = (await send('/openapi/v3')).json;
    const document = await send(String(paths['apis/apps/v1'].serverRelativeURL));
    expect(document.headers['cache-control']).toContain('immutable');
    expect(document.json.components.schemas['io.k8s.api.apps.v1.Deployment']).toBeDefined();
  });

  it('streams changes, one JSON document a line', async () => {
    await create('a');
    const response = await open(`${CONFIG_MAPS}?watch=true`, {});
    const lines = readLines(response);
    expect(await lines()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
    await create('b');
    expect(await lines()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } });
    response.destroy();
  });

  it('streams tables, columns once', async () => {
    await create('a');
    await create('b');
    const response = await open(`${CONFIG_MAPS}?watch=true`, { headers: { accept: TABLE } });
    const lines = readLines(response);
    const [first, second] = [await lines(), await lines()];
    expect([first.object.columnDefinitions.length, second.object.columnDefinitions.length]).toEqual([3, 0]);
    expect(second.object.rows[0]!.cells[0]).toBe('b');
    response.destroy();
  });

  it('tells an expired watch by an ERROR event or a 410', async () => {
    await create('a');
    const answer = await send(`${CONFIG_MAPS}?watch=true&resourceVersion=1`);
    expect(answer).toMatchObject({ status: 410, json: { reason: 'Expired' } });
  });
});

interface Line {
  type: string;
  object: { columnDefinitions: unknown[]; rows: { cells: unknown[] }[] };
}

function readLines(response: IncomingMessage): () => Promise<Line> {
  let buffered = '';
  const chunks = response[Symbol.asyncIterator]();
  return async () => {
    while (!buffered.includes('\n')) buffered += String((await chunks.next()).value);
    const line = buffered.slice(0, buffered.indexOf('\n'));
    buffered = buffered.slice(line.length + 1);
    return JSON.parse(line) as Line;
  };
}
