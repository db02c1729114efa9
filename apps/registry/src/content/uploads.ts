import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { errorCode } from '@gantry/base';
import { ContentMismatch, type Digest } from '@gantry/oci';
import { UploadBusy, WrongOffset, type BlobStore, type ByteRange } from '../drivers/blob-store';
import { RegistryFault } from '../errors';
import type { Metadata } from '../metadata/metadata';
import { BLOB_STORE, METADATA } from '../tokens';

/** A request's body as its headers describe it. */
export interface IncomingContent {
  stream: Readable;
  /** Content-Length, if given. */
  length?: number;
  /** Content-Range, if given. */
  range?: ByteRange;
}

/** Pushing blobs: sessions that collect bytes in order until their digest is named and proved. */
@Injectable()
export class Uploads {
  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(METADATA) private readonly metadata: Metadata,
  ) {}

  start(repository: string): Promise<string> {
    return this.blobs.startUpload(repository);
  }

  /** Bytes received. */
  async size(repository: string, id: string): Promise<number> {
    const size = isUploadId(id) ? await this.blobs.uploadSize(repository, id) : undefined;
    if (size === undefined) throw new RegistryFault('BLOB_UPLOAD_UNKNOWN');
    return size;
  }

  /** Adds the next bytes; resolves to the number received so far. */
  async append(repository: string, id: string, content: IncomingContent): Promise<number> {
    const size = await this.size(repository, id);
    const { range, length, stream } = content;
    if (range && length !== undefined && range.end - range.start + 1 !== length) {
      throw new RegistryFault('SIZE_INVALID', 'Content-Range and Content-Length disagree');
    }
    const offset = range?.start ?? size;
    if (offset !== size) throw this.outOfOrder(repository, id, size);
    try {
      return await this.blobs.append(repository, id, offset, stream);
    } catch (error) {
      throw this.refusal(error, repository, id);
    }
  }

  /** Turns what was received, plus the last bytes, into a blob of the repository. */
  async finish(repository: string, id: string, digest: Digest, rest: IncomingContent): Promise<void> {
    await this.append(repository, id, rest);
    try {
      await this.blobs.finish(repository, id, digest);
    } catch (error) {
      throw this.refusal(error, repository, id);
    }
    await this.metadata.addBlob(repository, digest);
  }

  /** Makes a blob of one repository also one of another, without sending it. False if it is not there. */
  async mount(repository: string, digest: Digest, from: string): Promise<boolean> {
    if (!(await this.metadata.hasBlob(from, digest)) || (await this.blobs.size(digest)) === undefined) return false;
    await this.metadata.addBlob(repository, digest);
    return true;
  }

  async cancel(repository: string, id: string): Promise<void> {
    await this.size(repository, id);
    await this.blobs.cancel(repository, id);
  }

  private outOfOrder(repository: string, id: string, size: number): RegistryFault {
    const headers = { location: uploadLocation(repository, id), range: receivedRange(size), 'docker-upload-uuid': id };
    return new RegistryFault('RANGE_INVALID', `the upload goes on at byte ${size}`, { received: size }, headers);
  }

  private refusal(error: unknown, repository: string, id: string): unknown {
    if (error instanceof WrongOffset) return this.outOfOrder(repository, id, error.size);
    if (error instanceof UploadBusy) return new RegistryFault('BLOB_UPLOAD_INVALID', error.message);
    if (error instanceof ContentMismatch) return new RegistryFault('DIGEST_INVALID', error.message);
    if (errorCode(error) === 'ENOENT') return new RegistryFault('BLOB_UPLOAD_UNKNOWN');
    return error;
  }
}

export const uploadLocation = (repository: string, id: string): string => `/v2/${repository}/blobs/uploads/${id}`;

/** The spec's Range header of an upload; it cannot tell none from one byte. */
export const receivedRange = (size: number): string => `0-${Math.max(0, size - 1)}`;

const isUploadId = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
