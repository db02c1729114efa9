import { Controller, Get, Inject, Res } from '@nestjs/common';
import { Health, Metrics } from '@gantry/observability';
import type { FastifyReply } from 'fastify';

@Controller()
export class HealthController {
  constructor(
    @Inject(Health) private readonly health: Health,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  @Get('healthz')
  async healthz(@Res() reply: FastifyReply): Promise<void> {
    const { healthy, text } = await this.health.report('healthz');
    await reply
      .code(healthy ? 200 : 500)
      .type('text/plain; charset=utf-8')
      .send(text);
  }

  @Get('metrics')
  async scrape(@Res() reply: FastifyReply): Promise<void> {
    await reply.type(this.metrics.contentType).send(await this.metrics.text());
  }
}
