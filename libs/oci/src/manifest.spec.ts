import { digestOf } from './digest';
import { parseImageConfiguration } from './image-config';
import { MANIFEST_MAX_BYTES, parseManifest, referencedContent, type ImageManifest } from './manifest';
import { layerCompression, MediaType } from './media-types';

const descriptor = { mediaType: 'text/plain', digest: digestOf('x'), size: 1 };
const image = { schemaVersion: 2, mediaType: MediaType.ociManifest, config: descriptor, layers: [descriptor] };
const index = { schemaVersion: 2, manifests: [descriptor] };
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

describe('parseManifest', () => {
  it('reads an image', () => {
    const manifest = parseManifest(bytes(image), `${MediaType.ociManifest}; charset=utf-8`);
    expect(manifest).toMatchObject({ kind: 'image', digest: digestOf(bytes(image)) });
    expect(referencedContent(manifest)).toHaveLength(2);
  });

  it.each([
    [MediaType.ociIndex, index],
    [MediaType.dockerIndex, { ...index, mediaType: MediaType.dockerIndex }],
    [undefined, index],
  ])('reads an index sent as %s', (contentType, content) => {
    expect(parseManifest(bytes(content), contentType)).toMatchObject({ kind: 'index' });
  });

  it.each<[string, Buffer, string]>([
    ['manifest is not valid JSON', Buffer.from('{'), ''],
    ['manifest is not valid JSON', Buffer.from([0x22, 0xff, 0x22]), ''],
    ['manifest is not a JSON object', Buffer.from('[]'), ''],
    [`manifest is larger than ${MANIFEST_MAX_BYTES} bytes`, Buffer.alloc(MANIFEST_MAX_BYTES + 1), ''],
    ['unsupported manifest schemaVersion 1', bytes({ ...image, schemaVersion: 1 }), ''],
    ['manifest has both layers and manifests', bytes({ ...image, manifests: [] }), ''],
    [`manifest was sent as ${MediaType.dockerManifest} but says`, bytes(image), MediaType.dockerManifest],
    ['unsupported manifest media type text/plain', bytes({ ...index }), 'text/plain'],
    ['config is missing or not an object', bytes({ schemaVersion: 2, layers: [] }), ''],
    ['layers is missing or not a list', bytes({ ...image, layers: {} }), ''],
    ['layers has more than 1000 entries', bytes({ ...image, layers: Array(1001).fill(descriptor) }), ''],
    ['layers[0] has an invalid digest', bytes({ ...image, layers: [{ ...descriptor, digest: 'sha256:../..' }] }), ''],
    ['layers[0] has an invalid size', bytes({ ...image, layers: [{ ...descriptor, size: -1 }] }), ''],
    ['layers[0] has no mediaType', bytes({ ...image, layers: [{ ...descriptor, mediaType: 7 }] }), ''],
    ['subject is missing or not an object', bytes({ ...image, subject: 'x' }), ''],
  ])('refuses: %s', (message, content, contentType) => {
    expect(() => parseManifest(content, contentType)).toThrow(message);
  });
});

describe('parseImageConfiguration', () => {
  const configuration = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [digestOf('l')] } };
  const manifest = image as ImageManifest;

  it('reads one that fits its manifest', () => {
    expect(parseImageConfiguration(bytes(configuration), manifest)).toEqual(configuration);
  });

  it.each([
    ['image config has no os', { ...configuration, os: undefined }],
    ['image config has no valid rootfs.diff_ids', { ...configuration, rootfs: { diff_ids: ['x'] } }],
    ['image config names 0 layers, its manifest 1', { ...configuration, rootfs: { diff_ids: [] } }],
  ])('refuses: %s', (message, content) => {
    expect(() => parseImageConfiguration(bytes(content), manifest)).toThrow(message);
  });
});

it.each([
  ['application/vnd.oci.image.layer.v1.tar', 'none'],
  ['application/vnd.oci.image.layer.v1.tar+zstd', 'zstd'],
  ['application/vnd.docker.image.rootfs.diff.tar.gzip', 'gzip'],
  ['application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', 'gzip'],
  ['application/json', undefined],
])('%s is compressed by %s', (mediaType, compression) => {
  expect(layerCompression(mediaType)).toBe(compression);
});
