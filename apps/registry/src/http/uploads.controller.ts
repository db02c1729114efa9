import { Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Put, Query, Req, Res } from '@nestjs/common';
import { isDigest, isRepositoryPath, type Digest } from '@gantry/oci';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { receivedRange, uploadLocation, Uploads, type IncomingContent } from '../content/uploads';
import { DigestName } from './digest.pipe';
import { contentRange } from './range';
import { RepositoryName } from './repository-name.pipe';

interface StartQuery {
  /** Push all in this request. */
  digest?: string;
  /** Take the blob from another repository instead. */
  mount?: string;
  from?: string;
}

@Controller('v2/:repository/blobs/uploads')
export class UploadsController {
  constructor(@Inject(Uploads) private readonly uploads: Uploads) {}

  @Post()
  async start(
    @Param('repository', RepositoryName) repository: string,
    @Query() { digest, mount, from }: StartQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (mount && from && isDigest(mount) && isRepositoryPath(from)) {
      if (await this.uploads.mount(repository, mount, from)) return created(reply, repository, mount);
    }
    const whole = digest === undefined ? undefined : new DigestName().transform(digest);
    const id = await this.uploads.start(repository);
    if (!whole) return accepted(reply, repository, id, 0);
    await this.uploads.finish(repository, id, whole, contentOf(request));
    return created(reply, repository, whole);
  }

  @Patch(':id')
  async append(
    @Param('repository', RepositoryName) repository: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const size = await this.uploads.append(repository, id, contentOf(request));
    return accepted(reply, repository, id, size);
  }

  @Put(':id')
  async finish(
    @Param('repository', RepositoryName) repository: string,
    @Param('id') id: string,
    @Query('digest', DigestName) digest: Digest,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.uploads.finish(repository, id, digest, contentOf(request));
    return created(reply, repository, digest);
  }

  @Get(':id')
  async status(
    @Param('repository', RepositoryName) repository: string,
    @Param('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const size = await this.uploads.size(repository, id);
    await reply
      .code(204)
      .headers(uploadHeaders(repository, id, size))
      .send();
  }

  @Delete(':id')
  @HttpCode(204)
  async cancel(@Param('repository', RepositoryName) repository: string, @Param('id') id: string): Promise<void> {
    await this.uploads.cancel(repository, id);
  }
}

function contentOf(request: FastifyRequest): IncomingContent {
  const length = request.headers['content-length'];
  return {
    stream: request.raw,
    length: length === undefined ? undefined : Number(length),
    range: contentRange(request.headers['content-range']),
  };
}

const uploadHeaders = (repository: string, id: string, size: number): Record<string, string> => ({
  location: uploadLocation(repository, id),
  range: receivedRange(size),
  'docker-upload-uuid': id,
});

async function accepted(reply: FastifyReply, repository: string, id: string, size: number): Promise<void> {
  await reply
    .code(202)
    .headers(uploadHeaders(repository, id, size))
    .send();
}

async function created(reply: FastifyReply, repository: string, digest: Digest): Promise<void> {
  const location = `/v2/${repository}/blobs/${digest}`;
  await reply.code(201).headers({ location, 'docker-content-digest': digest }).send();
}
