import { Controller, Get, Header, Inject, Param, Query, Res } from '@nestjs/common';
import { MediaType, type Digest, type ImageIndex } from '@gantry/oci';
import type { FastifyReply } from 'fastify';
import { RegistryFault } from '../errors';
import type { Metadata } from '../metadata/metadata';
import { METADATA } from '../tokens';
import { DigestName } from './digest.pipe';
import { nextPage, pageOf, type PageQuery } from './paging';
import { RepositoryName } from './repository-name.pipe';

/** What is there: the protocol's version, repositories, tags, and what refers to a manifest. */
@Controller('v2')
export class ListingsController {
  constructor(@Inject(METADATA) private readonly metadata: Metadata) {}

  @Get()
  @Header('docker-distribution-api-version', 'registry/2.0')
  version(): object {
    return {};
  }

  @Get('_catalog')
  async catalog(@Query() query: PageQuery, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(query);
    const found = await this.metadata.repositories(page);
    await reply.headers(nextPage('/v2/_catalog', page, found)).send({ repositories: found.names });
  }

  @Get(':repository/tags/list')
  async tags(
    @Param('repository', RepositoryName) repository: string,
    @Query() query: PageQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const page = pageOf(query);
    const found = await this.metadata.tags(repository, page);
    if (!found) throw new RegistryFault('NAME_UNKNOWN', undefined, { name: repository });
    const headers = nextPage(`/v2/${repository}/tags/list`, page, found);
    await reply.headers(headers).send({ name: repository, tags: found.names });
  }

  @Get(':repository/referrers/:digest')
  async referrers(
    @Param('repository', RepositoryName) repository: string,
    @Param('digest', DigestName) digest: Digest,
    @Query('artifactType') artifactType: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const all = await this.metadata.referrers(repository, digest);
    const wanted = artifactType === undefined ? all : all.filter((record) => record.artifactType === artifactType);
    const manifests = wanted.map(({ subject: _, ...descriptor }) => descriptor);
    const index: ImageIndex = { schemaVersion: 2, mediaType: MediaType.ociIndex, manifests };
    if (artifactType !== undefined) void reply.header('oci-filters-applied', 'artifactType');
    await reply.header('content-type', MediaType.ociIndex).send(JSON.stringify(index));
  }
}
