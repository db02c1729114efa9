import { All, Controller, Inject, Module, Req, Res, type DynamicModule } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpApi } from './http-api';

/** The API's paths are data, the kinds' and not ours: one route takes them all. */
@Controller()
class ApiController {
  constructor(@Inject(HttpApi) private readonly api: HttpApi) {}

  @All('*')
  handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    reply.hijack();
    return this.api.handle(request.raw, reply.raw);
  }
}

@Module({})
export class ApiModule {
  static with(api: HttpApi): DynamicModule {
    return { module: ApiModule, controllers: [ApiController], providers: [{ provide: HttpApi, useValue: api }] };
  }
}
