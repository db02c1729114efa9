import { digestOf, type Digest } from '@gantry/oci';
import type { ManifestRecord, Metadata } from './metadata';

const blob = digestOf('blob');
const manifest = (name: string, subject?: Digest): ManifestRecord => ({
  digest: digestOf(name),
  mediaType: 'application/json',
  size: 2,
  ...(subject ? { subject } : {}),
});

/** What every Metadata keeps. `open` opens the same storage anew, as after a restart; `reset` empties it. */
export function metadataSuite(open: () => Metadata, reset: () => Promise<void>): void {
  let metadata: Metadata;
  beforeEach(async () => {
    await reset();
    metadata = open();
  });

  it('knows which repository holds a blob', async () => {
    await metadata.addBlob('a/b', blob);
    await metadata.addBlob('a/b', blob);
    expect([await metadata.hasBlob('a/b', blob), await metadata.hasBlob('a', blob)]).toEqual([true, false]);
    expect([await metadata.removeBlob('a/b', blob), await metadata.removeBlob('a/b', blob)]).toEqual([true, false]);
    expect(await metadata.hasBlob('a/b', blob)).toBe(false);
  });

  it('keeps manifests and tags over a restart', async () => {
    const record = { ...manifest('m'), artifactType: 'x', annotations: { a: 'b' } };
    await metadata.addManifest('a', record);
    await metadata.setTag('a', 'v1', record.digest);
    metadata = open();
    expect(await metadata.manifest('a', record.digest)).toEqual(record);
    expect(await metadata.tag('a', 'v1')).toBe(record.digest);
    expect(await metadata.tag('a', 'v2')).toBeUndefined();
  });

  it('moves a tag', async () => {
    await metadata.setTag('a', 'v1', digestOf('1'));
    await metadata.setTag('a', 'v1', digestOf('2'));
    expect(await metadata.tag('a', 'v1')).toBe(digestOf('2'));
  });

  it('removes the tags of a manifest with it, and no others', async () => {
    const [one, two] = [manifest('1'), manifest('2')];
    for (const record of [one, two]) await metadata.addManifest('a', record);
    await metadata.setTag('a', 'v1', one.digest);
    await metadata.setTag('a', 'latest', one.digest);
    await metadata.setTag('a', 'v2', two.digest);
    expect(await metadata.removeManifest('a', one.digest)).toBe(true);
    expect(await metadata.removeManifest('a', one.digest)).toBe(false);
    expect(await metadata.tags('a', { limit: 10 })).toEqual({ names: ['v2'], more: false });
  });

  it('lists tags in byte order, page by page', async () => {
    for (const tag of ['b', 'a', 'C', '10', '9']) await metadata.setTag('a', tag, blob);
    expect(await metadata.tags('a', { limit: 2 })).toEqual({ names: ['10', '9'], more: true });
    expect(await metadata.tags('a', { limit: 3, after: '9' })).toEqual({ names: ['C', 'a', 'b'], more: false });
    expect(await metadata.tags('a', { limit: 0 })).toEqual({ names: [], more: true });
    expect(await metadata.tags('nothing', { limit: 2 })).toBeUndefined();
  });

  it('lists repositories with something in them, nested ones too', async () => {
    for (const name of ['team/app', 'team', 'a/b/c']) await metadata.addManifest(name, manifest('m'));
    await metadata.addBlob('only/blobs', blob);
    expect(await metadata.repositories({ limit: 2 })).toEqual({ names: ['a/b/c', 'team'], more: true });
    expect(await metadata.repositories({ limit: 2, after: 'team' })).toEqual({ names: ['team/app'], more: false });
  });

  it('knows what refers to a manifest', async () => {
    const subject = digestOf('subject');
    const [signature, sbom] = [manifest('signature', subject), manifest('sbom', subject)];
    for (const record of [signature, sbom]) await metadata.addManifest('a', record);
    const digests = async () => (await metadata.referrers('a', subject)).map(({ digest }) => digest).sort();
    expect(await digests()).toEqual([signature.digest, sbom.digest].sort());
    await metadata.removeManifest('a', sbom.digest);
    expect(await digests()).toEqual([signature.digest]);
    expect(await metadata.referrers('b', subject)).toEqual([]);
  });
}
