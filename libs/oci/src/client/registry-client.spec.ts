import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf, DigestVerifier, type Digest } from '../digest';
import { MediaType } from '../media-types';
import { RegistryClient, type RegistryClientSettings } from './registry-client';
import type { RegistryError } from './registry-error';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A registry whose every answer the test decides. */
class FakeRegistry {
  readonly requests: string[] = [];
  private readonly server: Server;
  handler: Handler = (_, response) => response.writeHead(404).end();

  constructor() {
    this.server = createServer((request, response) => {
      const { authorization, range } = request.headers;
      this.requests.push([request.method, request.url, authorization, range].filter(Boolean).join(' '));
      this.handler(request, response);
    });
  }

  listen = () => new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  close = () => {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  };
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}

const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
const blob = { mediaType: 'application/octet-stream', digest: digestOf(content), size: content.length };

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status).end(JSON.stringify({ errors: [{ code, message }] }));
}

/** Sends the content from where it is asked, but breaks the connection after `limit` bytes. */
function sendPart(request: IncomingMessage, response: ServerResponse, limit = Infinity): void {
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
  response.writeHead(start ? 206 : 200, { 'content-length': content.length - start, ...(start ? range : {}) });
  const part = content.subarray(start, start + limit);
  if (start + part.length === content.length) response.end(part);
  else response.write(part, () => setTimeout(() => response.destroy(), 5));
}

describe('RegistryClient', () => {
  let registry: FakeRegistry;
  let mirror: FakeRegistry;
  let client: RegistryClient;
  const retry = { initial: 1, max: 2, attempts: 3 };
  const connect = (settings: RegistryClientSettings = {}) => {
    client = new RegistryClient({ retry, ...settings });
    return client;
  };
  const repository = () => connect().repository({ domain: registry.host, path: 'a/b' });
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => {
        throw new Error('did not fail');
      },
      (error: unknown) => error as RegistryError,
    );

  beforeEach(async () => {
    [registry, mirror] = [new FakeRegistry(), new FakeRegistry()];
    await Promise.all([registry.listen(), mirror.listen()]);
  });
  afterEach(async () => {
    client.close();
    await Promise.all([registry.close(), mirror.close()]);
  });

  describe('blobs', () => {
    it('go on with a Range request when the connection breaks', async () => {
      registry.handler = (request, response) => {
        sendPart(request, response, 120_000);
      };
      const received = Buffer.concat((await repository().blob(blob).toArray()) as Buffer[]);
      expect(received.equals(content)).toBe(true);
      expect(registry.requests).toHaveLength(3);
      expect(registry.requests[2]).toContain('bytes=240000-');
    });

    it('go on where the caller stands', async () => {
      registry.handler = sendPart;
      const verifier = new DigestVerifier(blob.digest, blob.size);
      verifier.update(content.subarray(0, 1000));
      const received = Buffer.concat((await repository().blob(blob, { verifier }).toArray()) as Buffer[]);
      expect(received.equals(content.subarray(1000))).toBe(true);
      expect(registry.requests[0]).toContain('bytes=1000-');
    });

    it('are completed although the server ignores Range', async () => {
      let first = true;
      registry.handler = (request, response) => {
        if (!first) request.headers.range = undefined;
        sendPart(request, response, first ? 1000 : Infinity);
        first = false;
      };
      const received = Buffer.concat((await repository().blob(blob).toArray()) as Buffer[]);
      expect(received.equals(content)).toBe(true);
    });

    it('give up after so many breaks without a byte in between', async () => {
      registry.handler = (request, response) => {
        sendPart(request, response, 0);
      };
      const error = await failure(repository().blob(blob).toArray());
      expect(error).toMatchObject({ name: 'RegistryError', code: 'UNREACHABLE' });
      expect(registry.requests).toHaveLength(3);
    });

    it('fail when they are not what their digest says', async () => {
      registry.handler = sendPart;
      const error = await failure(
        repository()
          .blob({ ...blob, digest: digestOf('other') })
          .toArray(),
      );
      expect(error.name).toBe('ContentMismatch');
    });
  });

  describe('failures', () => {
    it('carry the registry’s own words', async () => {
      registry.handler = (_, response) => {
        refuse(response, 404, 'MANIFEST_UNKNOWN', 'no such manifest here');
      };
      expect(await failure(repository().manifest('v1'))).toMatchObject({
        code: 'MANIFEST_UNKNOWN',
        status: 404,
        message: `${registry.host}: no such manifest here`,
      });
      expect(registry.requests).toHaveLength(1);
    });

    it('that pass are tried again', async () => {
      registry.handler = (_, response) => {
        if (registry.requests.length < 3) refuse(response, 503, 'UNAVAILABLE', 'busy');
        else response.writeHead(200, { 'docker-content-digest': blob.digest }).end();
      };
      expect(await repository().resolve('v1')).toBe(blob.digest);
    });

    it('say what they are when nobody answers', async () => {
      const error = await failure(connect().repository({ domain: '127.0.0.1:1', path: 'a' }).manifest('v1'));
      expect(error).toMatchObject({ code: 'UNREACHABLE', status: undefined });
      expect(error.message).toMatch(/^127\.0\.0\.1:1: .*connect ECONNREFUSED/);
    });

    it('include silence', async () => {
      registry.handler = () => undefined;
      const silent = connect({ idleTimeout: 50, retry: { ...retry, attempts: 1 } });
      const error = await failure(silent.repository({ domain: registry.host, path: 'a' }).manifest('v1'));
      expect(error.message).toContain('no data for 0.05 s');
    });

    it('are not the signal’s: an abort is passed on as it is', async () => {
      registry.handler = () => undefined;
      const reason = new Error('enough');
      const pulling = failure(repository().manifest('v1', AbortSignal.any([abortSoon(reason)])));
      expect(await pulling).toBe(reason);
    });
  });

  describe('mirrors', () => {
    const image = Buffer.from(JSON.stringify({ schemaVersion: 2, config: blob, layers: [] }));
    const serve: Handler = (_, response) => {
      response.writeHead(200, { 'content-type': MediaType.ociManifest }).end(image);
    };
    const mirrored = () =>
      connect({ mirrors: { [registry.host]: [`http://${mirror.host}`] } }).repository(
        { domain: registry.host, path: 'a/b' },
        { credentials: { username: 'u', password: 'p' } },
      );

    it('are asked first', async () => {
      mirror.handler = serve;
      expect((await mirrored().manifest('v1')).digest).toBe(digestOf(image));
      expect(registry.requests).toEqual([]);
    });

    it.each<[string, Handler]>([
      ['lack it', (_, response) => response.writeHead(404).end()],
      ['are broken', (request) => request.destroy()],
      ['hold rubbish', (_, response) => response.writeHead(200).end('{}')],
    ])('that %s are passed over', async (_, handler) => {
      [mirror.handler, registry.handler] = [handler, serve];
      expect((await mirrored().manifest('v1')).digest).toBe(digestOf(image));
    });

    it('are named when nobody has it', async () => {
      mirror.handler = (_, response) => {
        refuse(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown');
      };
      registry.handler = (_, response) => {
        refuse(response, 403, 'DENIED', 'not for you');
      };
      expect(await failure(mirrored().manifest('v1'))).toMatchObject({
        code: 'DENIED',
        status: 403,
        message: `${mirror.host}: manifest unknown; ${registry.host}: not for you`,
      });
    });

    it('never see the credentials', async () => {
      mirror.handler = (_, response) => response.writeHead(401, { 'www-authenticate': 'Basic realm=x' }).end();
      registry.handler = (request, response) => {
        if (request.headers.authorization) serve(request, response);
        else response.writeHead(401, { 'www-authenticate': 'Basic realm=x' }).end();
      };
      await mirrored().manifest('v1');
      expect(mirror.requests.join()).not.toContain('Basic');
      expect(registry.requests.at(-1)).toContain(`Basic ${Buffer.from('u:p').toString('base64')}`);
    });
  });

  it('fetches a token when asked, once, and uses it', async () => {
    registry.handler = (request, response) => {
      const { host } = registry;
      if (request.url!.startsWith('/token')) response.writeHead(200).end(JSON.stringify({ token: 't' }));
      else if (request.headers.authorization === 'Bearer t') response.writeHead(200).end();
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token",service="r"` }).end();
    };
    const repo = repository();
    await repo.resolve('v1');
    await repo.resolve('v2');
    expect(registry.requests).toEqual([
      'HEAD /v2/a/b/manifests/v1',
      'GET /token?service=r&scope=repository%3Aa%2Fb%3Apull',
      'HEAD /v2/a/b/manifests/v1 Bearer t',
      'HEAD /v2/a/b/manifests/v2 Bearer t',
    ]);
  });

  it('follows redirects without taking the authorization along', async () => {
    mirror.handler = sendPart;
    registry.handler = (request, response) => {
      if (!request.headers.authorization) response.writeHead(401, { 'www-authenticate': 'Basic realm=x' }).end();
      else response.writeHead(307, { location: `http://${mirror.host}/elsewhere` }).end();
    };
    const credentials = { username: 'u', password: 'p' };
    const repo = connect().repository({ domain: registry.host, path: 'a/b' }, { credentials });
    await repo.blob(blob).toArray();
    expect(mirror.requests).toEqual(['GET /elsewhere']);
  });

  it('takes the image of this platform out of an index', async () => {
    const config = Buffer.from(
      JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } }),
    );
    const describe = (bytes: Buffer, mediaType: string) => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
    const image = Buffer.from(
      JSON.stringify({ schemaVersion: 2, config: describe(config, MediaType.ociConfig), layers: [] }),
    );
    const platform = { os: 'linux', architecture: 'amd64' };
    const manifests = [{ ...describe(image, MediaType.ociManifest), platform }];
    const index = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
    const stored = new Map<string, Buffer>([
      ['v1', index],
      ...[config, image].map((b): [Digest, Buffer] => [digestOf(b), b]),
    ]);
    registry.handler = (request, response) => response.writeHead(200).end(stored.get(request.url!.split('/').pop()!));
    const reference = { domain: registry.host, path: 'a/b', tag: 'v1' };
    const resolved = await connect().resolve(reference, client.repository(reference), { platform });
    expect(resolved).toMatchObject({ digest: digestOf(index), manifestDigest: digestOf(image) });
    const other = client.resolve(reference, client.repository(reference), {
      platform: { os: 'linux', architecture: 'sparc' },
    });
    expect((await failure(other)).message).toContain(
      'no matching manifest for linux/sparc in the manifest list entries',
    );
  });
});

function abortSoon(reason: Error): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => {
    controller.abort(reason);
  }, 20);
  return controller.signal;
}
