import { Controller, Delete, Get, Head, Headers, HttpCode, Inject, Param, Res } from '@nestjs/common';
import type { Digest } from '@gantry/oci';
import type { FastifyReply } from 'fastify';
import type { BlobStore } from '../drivers/blob-store';
import { RegistryFault } from '../errors';
import type { Metadata } from '../metadata/metadata';
import { BLOB_STORE, METADATA } from '../tokens';
import { DigestName } from './digest.pipe';
import { requestedRange } from './range';
import { RepositoryName } from './repository-name.pipe';

/** Content never changes under its digest, so whoever has it may keep it. */
const FOREVER = 'max-age=31536000, immutable';

@Controller('v2/:repository/blobs')
export class BlobsController {
  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(METADATA) private readonly metadata: Metadata,
  ) {}

  @Head(':digest')
  async head(
    @Param('repository', RepositoryName) repository: string,
    @Param('digest', DigestName) digest: Digest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const size = await this.size(repository, digest);
    await reply.headers({ ...blobHeaders(digest), 'content-length': size }).send();
  }

  @Get(':digest')
  async get(
    @Param('repository', RepositoryName) repository: string,
    @Param('digest', DigestName) digest: Digest,
    @Headers('range') wanted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const size = await this.size(repository, digest);
    const range = requestedRange(wanted, size);
    void reply.headers({ ...blobHeaders(digest), 'content-length': range ? range.end - range.start + 1 : size });
    if (range) void reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
    await reply.send(await this.blobs.read(digest, range));
  }

  @Delete(':digest')
  @HttpCode(202)
  async delete(
    @Param('repository', RepositoryName) repository: string,
    @Param('digest', DigestName) digest: Digest,
  ): Promise<void> {
    if (!(await this.metadata.removeBlob(repository, digest))) throw new RegistryFault('BLOB_UNKNOWN');
  }

  private async size(repository: string, digest: Digest): Promise<number> {
    const size = (await this.metadata.hasBlob(repository, digest)) ? await this.blobs.size(digest) : undefined;
    if (size === undefined) throw new RegistryFault('BLOB_UNKNOWN', undefined, { digest });
    return size;
  }
}

const blobHeaders = (digest: Digest): Record<string, string> => ({
  'content-type': 'application/octet-stream',
  'docker-content-digest': digest,
  'accept-ranges': 'bytes',
  'cache-control': FOREVER,
  etag: `"${digest}"`,
});
