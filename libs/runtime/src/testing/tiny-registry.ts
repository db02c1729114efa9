import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf, MediaType, type Digest } from '@gantry/oci';

/** Serves images from memory, as a registry would, and counts what it is asked for. For specs. */
export class TinyRegistry {
  readonly requests: string[] = [];
  /** Blobs of which only so many bytes are sent, once, before the connection breaks. */
  readonly breakAfter = new Map<Digest, number>();
  private readonly blobs = new Map<string, Buffer>();
  private readonly manifests = new Map<string, { mediaType: string; bytes: Buffer }>();
  private readonly server = createServer((request, response) => {
    this.answer(request, response);
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Makes an image of layers that are compressed already, and returns the digests of these. */
  push(name: string, layers: { bytes: Buffer; diffId: Digest; mediaType?: string }[], config: object): Digest[] {
    const configuration = {
      architecture: 'amd64',
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    };
    const configBytes = Buffer.from(JSON.stringify(configuration));
    const descriptors = layers.map(({ bytes, mediaType = MediaType.ociLayerGzip }) => this.store(bytes, mediaType));
    const manifest = {
      schemaVersion: 2,
      mediaType: MediaType.ociManifest,
      config: this.store(configBytes, MediaType.ociConfig),
      layers: descriptors,
    };
    const bytes = Buffer.from(JSON.stringify(manifest));
    for (const key of [name, digestOf(bytes)]) this.manifests.set(key, { mediaType: MediaType.ociManifest, bytes });
    return descriptors.map(({ digest }) => digest);
  }

  /** Has the blob hold something else than its digest says. */
  corrupt(digest: Digest): void {
    const bytes = Buffer.from(this.blobs.get(digest)!);
    bytes[bytes.length - 5]! ^= 0xff;
    this.blobs.set(digest, bytes);
  }

  private store(bytes: Buffer, mediaType: string) {
    const digest = digestOf(bytes);
    this.blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const [, kind, name = ''] = /\/(manifests|blobs)\/(.+)$/.exec(request.url!) ?? [];
    this.requests.push(`${request.url!}${request.headers.range ? ` ${request.headers.range}` : ''}`);
    const manifest = this.manifests.get(name);
    const blob = this.blobs.get(name);
    if (kind === 'manifests' && manifest) {
      response.setHeader('content-type', manifest.mediaType).end(manifest.bytes);
    } else if (kind === 'blobs' && blob) {
      this.sendBlob(name as Digest, blob, request, response);
    } else {
      response
        .writeHead(404)
        .end(JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] }));
    }
  }

  private sendBlob(digest: Digest, blob: Buffer, request: IncomingMessage, response: ServerResponse): void {
    const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.setHeader('content-length', blob.length - start);
    if (start > 0) response.writeHead(206, { 'content-range': `bytes ${start}-${blob.length - 1}/${blob.length}` });
    const cut = this.breakAfter.get(digest);
    if (cut === undefined) {
      response.end(blob.subarray(start));
      return;
    }
    this.breakAfter.delete(digest);
    response.write(blob.subarray(start, cut), () => response.destroy());
  }
}
