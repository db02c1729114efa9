import { Controller, Delete, Get, Head, HttpCode, Inject, Param, Put, Req, Res } from '@nestjs/common';
import { MANIFEST_MAX_BYTES } from '@gantry/oci';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { manifestName, Manifests } from '../content/manifests';
import { RegistryFault } from '../errors';
import type { ManifestRecord } from '../metadata/metadata';
import { RepositoryName } from './repository-name.pipe';

/** A client hears that its manifest is too large only once it has sent it; beyond this the connection is cut instead. */
const DISCARDED_MAX_BYTES = 16 * MANIFEST_MAX_BYTES;

@Controller('v2/:repository/manifests')
export class ManifestsController {
  constructor(@Inject(Manifests) private readonly manifests: Manifests) {}

  @Head(':reference')
  async head(
    @Param('repository', RepositoryName) repository: string,
    @Param('reference') reference: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const record = await this.manifests.find(repository, manifestName(reference));
    await reply.headers(manifestHeaders(record)).send();
  }

  @Get(':reference')
  async get(
    @Param('repository', RepositoryName) repository: string,
    @Param('reference') reference: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const record = await this.manifests.find(repository, manifestName(reference));
    await reply.headers(manifestHeaders(record)).send(await this.manifests.bytes(record));
  }

  @Put(':reference')
  async put(
    @Param('repository', RepositoryName) repository: string,
    @Param('reference') reference: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const name = manifestName(reference);
    const bytes = await bodyOf(request);
    const { digest, subject } = await this.manifests.put(repository, name, bytes, request.headers['content-type']);
    const location = `/v2/${repository}/manifests/${digest}`;
    await reply
      .code(201)
      .headers({ location, 'docker-content-digest': digest, ...(subject ? { 'oci-subject': subject } : {}) })
      .send();
  }

  @Delete(':reference')
  @HttpCode(202)
  async delete(
    @Param('repository', RepositoryName) repository: string,
    @Param('reference') reference: string,
  ): Promise<void> {
    await this.manifests.remove(repository, manifestName(reference));
  }
}

const manifestHeaders = ({ digest, mediaType, size }: ManifestRecord): Record<string, string | number> => ({
  'content-type': mediaType,
  'content-length': size,
  'docker-content-digest': digest,
  etag: `"${digest}"`,
});

async function bodyOf({ raw }: FastifyRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of raw as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MANIFEST_MAX_BYTES) chunks.push(chunk);
    else if (length > DISCARDED_MAX_BYTES) break;
  }
  if (length <= MANIFEST_MAX_BYTES) return Buffer.concat(chunks);
  throw new RegistryFault('SIZE_EXCEEDED', `a manifest has at most ${MANIFEST_MAX_BYTES} bytes`);
}
