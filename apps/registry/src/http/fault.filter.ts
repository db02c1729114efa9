import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { errorMessage } from '@gantry/base';
import type { Logger } from '@gantry/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RegistryFault } from '../errors';
import { LOGGER } from '../tokens';

/** Renders whatever a handler throws as the spec's `{ errors: [{ code, message, detail }] }`. */
@Catch()
export class FaultFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const fault = this.faultOf(error, request);
    if (request.raw.destroyed && !request.raw.complete) return; // The client is gone.
    // An unread body would have to be read to its end before the next request: rather close.
    if (!request.raw.complete) void reply.header('connection', 'close');
    const { code, message, detail, status, headers } = fault;
    void reply
      .code(status)
      .headers(headers)
      .type('application/json; charset=utf-8')
      .send({ errors: [{ code, message, ...(detail === undefined ? {} : { detail }) }] });
  }

  private faultOf(error: unknown, request: FastifyRequest): RegistryFault {
    if (error instanceof RegistryFault) return error;
    if (error instanceof HttpException && error.getStatus() === 404) return new RegistryFault('NOT_FOUND');
    const brokenOff = request.raw.destroyed && !request.raw.complete;
    this.log[brokenOff ? 'debug' : 'error']({ err: error, method: request.method, url: request.url }, 'request failed');
    return new RegistryFault('UNKNOWN', errorMessage(error));
  }
}
