import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, MediaType, RegistryClient, type Digest } from '@gantry/oci';
import { runRegistry, type RunningRegistry } from './run-registry';

const blob = Buffer.from('layer content '.repeat(1000));
const digest = digestOf(blob);
const octets = { 'content-type': 'application/octet-stream' };

interface Faults {
  errors: { code: string; message: string }[];
}

describe('the registry', () => {
  let folder: string;
  let registry: RunningRegistry;
  const start = async () => {
    const settings = { dataDirectory: folder, bindAddresses: ['127.0.0.1'], port: 0, logLevel: 'error' as const };
    registry = await runRegistry(settings);
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'registry-'));
    await start();
  });
  afterEach(async () => {
    await registry.close();
    await rm(folder, { recursive: true });
  });

  const ask = (method: string, path: string, init: RequestInit = {}) =>
    fetch(new URL(path, registry.urls[0]), { method, ...init });
  const push = (repository: string, content: Buffer) =>
    ask('POST', `/v2/${repository}/blobs/uploads/?digest=${digestOf(content)}`, { body: content, headers: octets });
  const upload = async (repository = 'a/b') =>
    (await ask('POST', `/v2/${repository}/blobs/uploads/`)).headers.get('location')!;
  const fault = async (response: Response) => {
    const { errors } = (await response.json()) as Faults;
    return { status: response.status, code: errors[0]!.code };
  };
  const describeContent = (content: Buffer, mediaType = 'application/octet-stream') => ({
    mediaType,
    digest: digestOf(content),
    size: content.length,
  });
  const image = (extra: object = {}) => ({
    schemaVersion: 2,
    mediaType: MediaType.ociManifest,
    config: describeContent(blob),
    layers: [describeContent(blob)],
    ...extra,
  });
  const pushManifest = (
    repository: string,
    reference: string,
    manifest: object,
    type: string = MediaType.ociManifest,
  ) =>
    ask('PUT', `/v2/${repository}/manifests/${reference}`, {
      body: JSON.stringify(manifest),
      headers: { 'content-type': type },
    });

  describe('blobs', () => {
    it('are pushed in one request, found and pulled', async () => {
      const pushed = await push('a/b', blob);
      expect([pushed.status, pushed.headers.get('location')]).toEqual([201, `/v2/a/b/blobs/${digest}`]);
      const head = await ask('HEAD', `/v2/a/b/blobs/${digest}`);
      expect([head.status, head.headers.get('content-length')]).toEqual([200, String(blob.length)]);
      const got = await ask('GET', `/v2/a/b/blobs/${digest}`);
      expect(got.headers.get('docker-content-digest')).toBe(digest);
      expect(Buffer.from(await got.arrayBuffer()).equals(blob)).toBe(true);
    });

    it('are pulled in part', async () => {
      await push('a', blob);
      const part = await ask('GET', `/v2/a/blobs/${digest}`, { headers: { range: 'bytes=6-12' } });
      expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 6-12/${blob.length}`]);
      expect(await part.text()).toBe('content');
      const outside = await ask('GET', `/v2/a/blobs/${digest}`, { headers: { range: `bytes=${blob.length}-` } });
      expect(await fault(outside)).toEqual({ status: 416, code: 'RANGE_INVALID' });
    });

    it('belong to their repository alone', async () => {
      await push('a', blob);
      expect(await fault(await ask('GET', `/v2/b/blobs/${digest}`))).toEqual({ status: 404, code: 'BLOB_UNKNOWN' });
    });

    it('are mounted from another repository, or uploaded if that has none', async () => {
      await push('a', blob);
      const mounted = await ask('POST', `/v2/b/blobs/uploads/?mount=${digest}&from=a`);
      expect(mounted.status).toBe(201);
      expect((await ask('HEAD', `/v2/b/blobs/${digest}`)).status).toBe(200);
      expect((await ask('POST', `/v2/c/blobs/uploads/?mount=${digestOf('other')}&from=a`)).status).toBe(202);
      expect((await ask('POST', `/v2/c/blobs/uploads/?mount=${digest}&from=nowhere`)).status).toBe(202);
    });

    it('are deleted from the one repository', async () => {
      for (const repository of ['a', 'b']) await push(repository, blob);
      expect((await ask('DELETE', `/v2/a/blobs/${digest}`)).status).toBe(202);
      expect((await ask('DELETE', `/v2/a/blobs/${digest}`)).status).toBe(404);
      expect((await ask('HEAD', `/v2/b/blobs/${digest}`)).status).toBe(200);
    });
  });

  describe('uploads', () => {
    const patch = (location: string, content: Buffer, range?: string) =>
      ask('PATCH', location, { body: content, headers: { ...octets, ...(range ? { 'content-range': range } : {}) } });
    const [first, rest] = [blob.subarray(0, 6000), blob.subarray(6000)];

    it('grow chunk by chunk, in order only', async () => {
      const location = await upload();
      const added = await patch(location, first, '0-5999');
      expect([added.status, added.headers.get('range')]).toEqual([202, '0-5999']);
      for (const range of ['0-7999', '7000-14999', '5999-13998']) {
        const refused = await patch(location, rest, range);
        expect([refused.status, refused.headers.get('range')]).toEqual([416, '0-5999']);
      }
      const status = await ask('GET', location);
      expect([status.status, status.headers.get('range')]).toEqual([204, '0-5999']);
      const put = await ask('PUT', `${location}?digest=${digest}`, {
        body: rest,
        headers: { ...octets, 'content-range': `6000-${blob.length - 1}` },
      });
      expect(put.status).toBe(201);
    });

    it('go on after a restart', async () => {
      const location = await upload();
      await patch(location, first);
      await registry.close();
      await start();
      expect((await ask('GET', location)).headers.get('range')).toBe('0-5999');
      await patch(location, rest, `6000-${blob.length - 1}`);
      expect((await ask('PUT', `${location}?digest=${digest}`)).status).toBe(201);
    });

    it('keep what arrived before the client vanished', async () => {
      const location = await upload();
      await new Promise<void>((resolve) => {
        const socket = connect(Number(new URL(registry.urls[0]!).port), '127.0.0.1', () => {
          socket.write(`PATCH ${location} HTTP/1.1\r\nhost: x\r\ncontent-length: ${blob.length}\r\n\r\n`);
          socket.write(first, () => setTimeout(() => socket.destroy(), 50));
        });
        socket.once('close', () => {
          resolve();
        });
      });
      for (let range: string | null = ''; range !== '0-5999';)
        range = (await ask('GET', location)).headers.get('range');
      const put = await ask('PUT', `${location}?digest=${digest}`, { body: rest, headers: octets });
      expect(put.status).toBe(201);
    });

    it('leave nothing when the digest is another', async () => {
      const location = await upload();
      const put = await ask('PUT', `${location}?digest=${digestOf('other')}`, { body: blob, headers: octets });
      expect(await fault(put)).toEqual({ status: 400, code: 'DIGEST_INVALID' });
      expect((await ask('GET', location)).status).toBe(404);
      for (const name of [digest, digestOf('other')]) {
        expect((await ask('HEAD', `/v2/a/b/blobs/${name}`)).status).toBe(404);
      }
    });

    it('are cancelled', async () => {
      const location = await upload();
      expect((await ask('DELETE', location)).status).toBe(204);
      expect(await fault(await ask('GET', location))).toEqual({ status: 404, code: 'BLOB_UPLOAD_UNKNOWN' });
    });

    it('belong to their repository', async () => {
      const location = (await upload('a')).replace('/v2/a/', '/v2/b/');
      expect((await patch(location, first)).status).toBe(404);
    });
  });

  describe('manifests', () => {
    beforeEach(() => push('a/b', blob));

    it.each([
      ['an image', MediaType.ociManifest],
      ['a Docker image', MediaType.dockerManifest],
    ])('of %s are kept byte for byte, by tag and by digest', async (_, mediaType) => {
      const manifest = image({ mediaType });
      const expected = digestOf(JSON.stringify(manifest));
      const put = await pushManifest('a/b', 'v1', manifest, mediaType);
      expect([put.status, put.headers.get('docker-content-digest')]).toEqual([201, expected]);
      for (const reference of ['v1', expected]) {
        const got = await ask('GET', `/v2/a/b/manifests/${reference}`);
        expect(got.headers.get('content-type')).toBe(mediaType);
        expect(await got.text()).toBe(JSON.stringify(manifest));
        expect((await ask('HEAD', `/v2/a/b/manifests/${reference}`)).headers.get('docker-content-digest')).toBe(
          expected,
        );
      }
    });

    it('of several platforms need their images first', async () => {
      const one = Buffer.from(JSON.stringify(image()));
      const index = { schemaVersion: 2, manifests: [describeContent(one, MediaType.ociManifest)] };
      const early = await pushManifest('a/b', 'all', index, MediaType.ociIndex);
      expect(await fault(early)).toEqual({ status: 400, code: 'MANIFEST_BLOB_UNKNOWN' });
      await pushManifest('a/b', digestOf(one), image());
      expect((await pushManifest('a/b', 'all', index, MediaType.ociIndex)).status).toBe(201);
    });

    it.each<[string, object, string]>([
      ['missing content', image({ layers: [describeContent(Buffer.from('gone'))] }), 'MANIFEST_BLOB_UNKNOWN'],
      ['a wrong size', image({ layers: [{ ...describeContent(blob), size: 1 }] }), 'MANIFEST_INVALID'],
      ['no config', image({ config: undefined }), 'MANIFEST_INVALID'],
      ['another media type inside', image({ mediaType: MediaType.dockerManifest }), 'MANIFEST_INVALID'],
    ])('with %s are refused', async (_, manifest, code) => {
      expect(await fault(await pushManifest('a/b', 'v1', manifest))).toEqual({ status: 400, code });
      expect((await ask('GET', '/v2/a/b/manifests/v1')).status).toBe(404);
    });

    it('go with their tags; a tag goes alone', async () => {
      for (const tag of ['v1', 'v2']) await pushManifest('a/b', tag, image());
      const tags = async () => ((await (await ask('GET', '/v2/a/b/tags/list')).json()) as { tags?: string[] }).tags;
      expect((await ask('DELETE', '/v2/a/b/manifests/v2')).status).toBe(202);
      expect(await tags()).toEqual(['v1']);
      expect((await ask('DELETE', `/v2/a/b/manifests/${digestOf(JSON.stringify(image()))}`)).status).toBe(202);
      expect(await tags()).toBeUndefined();
      expect((await ask('DELETE', '/v2/a/b/manifests/v1')).status).toBe(404);
    });

    it('are listed with what refers to them', async () => {
      await pushManifest('a/b', 'v1', image());
      const subject = describeContent(Buffer.from(JSON.stringify(image())), MediaType.ociManifest);
      const signature = image({ subject, artifactType: 'application/x.signature', annotations: { by: 'me' } });
      const put = await pushManifest('a/b', digestOf(JSON.stringify(signature)), signature);
      expect(put.headers.get('oci-subject')).toBe(subject.digest);
      const list = async (query = '') => {
        const response = await ask('GET', `/v2/a/b/referrers/${subject.digest}${query}`);
        return ((await response.json()) as { manifests: { digest: Digest; artifactType: string }[] }).manifests;
      };
      expect(await list()).toMatchObject([{ artifactType: 'application/x.signature', annotations: { by: 'me' } }]);
      expect(await list('?artifactType=application/x.other')).toEqual([]);
    });

    it('are listed page by page', async () => {
      for (const tag of ['c', 'a', 'b']) await pushManifest('a/b', tag, image());
      const page = await ask('GET', '/v2/a/b/tags/list?n=2');
      expect(await page.json()).toEqual({ name: 'a/b', tags: ['a', 'b'] });
      expect(page.headers.get('link')).toBe('</v2/a/b/tags/list?n=2&last=b>; rel="next"');
      const last = await ask('GET', '/v2/a/b/tags/list?n=2&last=b');
      expect([last.headers.get('link'), await last.json()]).toEqual([null, { name: 'a/b', tags: ['c'] }]);
      expect(await (await ask('GET', '/v2/_catalog')).json()).toEqual({ repositories: ['a/b'] });
    });
  });

  it.each([
    ['GET', '/v2/A/manifests/v1', 400, 'NAME_INVALID'],
    ['GET', '/v2/a%2F..%2Fb/tags/list', 400, 'NAME_INVALID'],
    ['GET', '/v2/%2e%2e%2fa/blobs/x/manifests/v1', 400, 'NAME_INVALID'],
    ['GET', `/v2/${'a'.repeat(300)}/tags/list`, 400, 'NAME_INVALID'],
    ['GET', '/v2/a/manifests/..%2F..', 400, 'TAG_INVALID'],
    ['GET', '/v2/a/manifests/md5:abc', 400, 'DIGEST_INVALID'],
    ['GET', '/v2/a/blobs/sha256:..', 400, 'DIGEST_INVALID'],
    ['GET', '/v2/a/blobs/uploads/..%2Fx', 404, 'BLOB_UPLOAD_UNKNOWN'],
    ['PUT', '/v2/a/blobs/uploads/00000000-0000-0000-0000-000000000000', 400, 'DIGEST_INVALID'],
    ['GET', '/v2/a/tags/list', 404, 'NAME_UNKNOWN'],
    ['GET', '/v2/a/manifests/v1', 404, 'MANIFEST_UNKNOWN'],
    ['GET', '/v2/_catalog?n=-1', 400, 'PAGINATION_NUMBER_INVALID'],
    ['GET', '/nowhere', 404, 'NOT_FOUND'],
  ])('answers %s %s with %d %s', async (method, path, status, code) => {
    expect(await fault(await ask(method, path))).toEqual({ status, code });
  });

  it('refuses a manifest of 5 MB', async () => {
    const body = Buffer.alloc(5 * 1024 * 1024, ' ');
    const refused = await ask('PUT', '/v2/a/manifests/v1', {
      body,
      headers: { 'content-type': MediaType.ociManifest },
    });
    expect(await fault(refused)).toEqual({ status: 413, code: 'SIZE_EXCEEDED' });
  });

  it('serves what our own client pushes, in chunks', async () => {
    const client = new RegistryClient();
    const { host } = new URL(registry.urls[0]!);
    const repository = client.repository({ domain: host, path: 'a/b' }, { push: true });
    const source = { digest, size: blob.length, open: (from: number, to: number) => blob.subarray(from, to) };
    await repository.pushBlob(source, { chunkSize: 5000 });
    await repository.pushManifest('v1', MediaType.ociManifest, Buffer.from(JSON.stringify(image())));
    const manifest = await repository.manifest('v1');
    const received = (await repository.blob(describeContent(blob)).toArray()) as Buffer[];
    expect(Buffer.concat(received).equals(blob)).toBe(true);
    expect(await repository.resolve('v1')).toBe(manifest.digest);
    client.close();
  });

  it('counts what it does, and is well', async () => {
    await push('a', blob);
    expect(await (await ask('GET', '/healthz')).text()).toBe('ok');
    const metrics = await (await ask('GET', '/metrics')).text();
    expect(metrics).toContain('registry_http_requests_total{method="POST",resource="uploads",code="201"} 1');
    expect(metrics).toContain(`registry_http_bytes_total{direction="received"} ${blob.length}`);
  });
});
