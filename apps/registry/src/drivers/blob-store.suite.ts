import { Readable } from 'node:stream';
import { ContentMismatch, digestOf } from '@gantry/oci';
import { WrongOffset, UploadBusy, type BlobStore } from './blob-store';

const hello = Buffer.from('hello');
const digest = digestOf(hello);
const from = (...parts: string[]): Readable => Readable.from(parts.map((part) => Buffer.from(part)));

/** A connection that breaks after these bytes. */
const broken = (text: string): Readable =>
  Readable.from(
    (async function* () {
      yield await Promise.resolve(Buffer.from(text));
      throw new Error('connection reset');
    })(),
  );

/** What every BlobStore keeps. `open` opens the same storage anew, as after a restart; `reset` empties it. */
export function blobStoreSuite(open: () => BlobStore, reset: () => Promise<void>): void {
  let store: BlobStore;
  beforeEach(async () => {
    await reset();
    store = open();
  });
  const content = async (): Promise<string> =>
    Buffer.concat((await (await store.read(digest)).toArray()) as Buffer[]).toString();

  it('stores small content at once, however often', async () => {
    expect(await store.size(digest)).toBeUndefined();
    await store.put(digest, hello);
    await store.put(digest, hello);
    expect(await store.size(digest)).toBe(5);
    expect(await content()).toBe('hello');
  });

  it('reads a range', async () => {
    await store.put(digest, hello);
    const part = (await (await store.read(digest, { start: 1, end: 3 })).toArray()) as Buffer[];
    expect(Buffer.concat(part).toString()).toBe('ell');
  });

  it('deletes, twice if need be', async () => {
    await store.put(digest, hello);
    await store.delete(digest);
    await store.delete(digest);
    expect(await store.size(digest)).toBeUndefined();
  });

  it.each(['sha256', 'sha512'] as const)('makes an upload a blob by its %s', async (algorithm) => {
    const wanted = digestOf(hello, algorithm);
    const id = await store.startUpload('a/b');
    expect(await store.append('a/b', id, 0, from('he'))).toBe(2);
    expect(await store.append('a/b', id, 2, from('l', 'lo'))).toBe(5);
    expect(await store.size(wanted)).toBeUndefined();
    await store.finish('a/b', id, wanted);
    expect(await store.size(wanted)).toBe(5);
    expect(await store.uploadSize('a/b', id)).toBeUndefined();
  });

  it('makes an empty upload the empty blob', async () => {
    const id = await store.startUpload('a');
    await store.finish('a', id, digestOf(''));
    expect(await store.size(digestOf(''))).toBe(0);
  });

  it('takes an upload up again after a restart', async () => {
    const id = await store.startUpload('a');
    await store.append('a', id, 0, from('hel'));
    store = open();
    expect(await store.uploadSize('a', id)).toBe(3);
    await store.append('a', id, 3, from('lo'));
    await store.finish('a', id, digest);
    expect(await content()).toBe('hello');
  });

  it('keeps what came before a connection broke', async () => {
    const id = await store.startUpload('a');
    await expect(store.append('a', id, 0, broken('hel'))).rejects.toThrow('connection reset');
    expect(await store.uploadSize('a', id)).toBe(3);
    await store.append('a', id, 3, from('lo'));
    await store.finish('a', id, digest);
    expect(await content()).toBe('hello');
  });

  it('keeps nothing of content that is not what it should be', async () => {
    const id = await store.startUpload('a');
    await store.append('a', id, 0, from('help!'));
    await expect(store.finish('a', id, digest)).rejects.toThrow(ContentMismatch);
    expect(await store.size(digest)).toBeUndefined();
    expect(await store.uploadSize('a', id)).toBeUndefined();
  });

  it('refuses bytes out of order', async () => {
    const id = await store.startUpload('a');
    await store.append('a', id, 0, from('hel'));
    for (const offset of [0, 2, 4]) {
      await expect(store.append('a', id, offset, from('lo'))).rejects.toEqual(new WrongOffset(3));
    }
  });

  it('lets one request at a time add to an upload', async () => {
    const id = await store.startUpload('a');
    const slow = new Readable({ read: () => undefined });
    const first = store.append('a', id, 0, slow);
    await expect(store.append('a', id, 0, from('x'))).rejects.toThrow(UploadBusy);
    slow.push(hello);
    slow.push(null);
    expect(await first).toBe(5);
  });

  it('forgets a cancelled upload, and keeps repositories apart', async () => {
    const id = await store.startUpload('a');
    expect(await store.uploadSize('b', id)).toBeUndefined();
    await store.cancel('a', id);
    await store.cancel('a', id);
    expect(await store.uploadSize('a', id)).toBeUndefined();
  });

  it('gives up uploads that nobody adds to', async () => {
    const id = await store.startUpload('a/deep/name');
    expect(await store.cancelIdleUploads(0)).toBe(0);
    expect(await store.cancelIdleUploads(Number.MAX_SAFE_INTEGER)).toBe(1);
    expect(await store.uploadSize('a/deep/name', id)).toBeUndefined();
  });
}
