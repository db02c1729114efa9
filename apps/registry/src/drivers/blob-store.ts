import type { Readable } from 'node:stream';
import type { Digest } from '@gantry/oci';

/**
 * Where the bytes live. Content appears whole or not at all: an upload is a file aside that grows by appending, survives
 * a restart of the registry, and becomes a blob only by {@link BlobStore.finish}, when its digest has been proved.
 *
 * Blobs belong to no repository here; who may read what is the {@link Metadata}'s business.
 * `blobStoreSuite` tests this on every implementation.
 */
export interface BlobStore {
  /** Bytes of a blob, or undefined if it is not there. */
  size(digest: Digest): Promise<number | undefined>;

  /** Reads a blob, or its bytes `start` to `end` (both included). The blob must exist. */
  read(digest: Digest, range?: ByteRange): Promise<Readable>;

  /** Stores small content at once. Nothing happens if it is there already. */
  put(digest: Digest, content: Buffer): Promise<void>;

  /** Removes a blob. No error if it is gone. */
  delete(digest: Digest): Promise<void>;

  startUpload(repository: string): Promise<string>;

  /** Bytes received so far, or undefined if there is no such upload. */
  uploadSize(repository: string, id: string): Promise<number | undefined>;

  /**
   * Appends to an upload from `offset`. What arrived before the stream broke is kept, and the break is thrown. Resolves
   * to the new size. Throws {@link WrongOffset} unless `offset` is its size, {@link UploadBusy} while another append runs.
   */
  append(repository: string, id: string, offset: number, content: Readable): Promise<number>;

  /**
   * Makes the upload a blob, durably, and ends it. Throws ContentMismatch if its bytes do not have the digest:
   * the upload and its bytes are gone then.
   */
  finish(repository: string, id: string, digest: Digest): Promise<void>;

  /** Forgets an upload and its bytes. No error if it is gone. */
  cancel(repository: string, id: string): Promise<void>;

  /** Cancels uploads that nobody has added to since then (milliseconds since the epoch). Resolves to their number. */
  cancelIdleUploads(since: number): Promise<number>;
}

/** Offsets of the first and the last byte. */
export interface ByteRange {
  start: number;
  end: number;
}

export class UploadBusy extends Error {
  override name = 'UploadBusy';
}

/** Bytes would be missing or doubled. */
export class WrongOffset extends Error {
  override name = 'WrongOffset';
  constructor(/** Bytes the upload has. */ readonly size: number) {
    super(`the upload has ${size} bytes`);
  }
}
