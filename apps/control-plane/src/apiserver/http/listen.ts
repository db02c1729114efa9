import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Closeable } from '@gantry/base';
import type { KeyPair } from '../../auth/pki/authority';
import { ApiModule } from './api.module';
import type { HttpApi } from './http-api';

export interface ListenOptions {
  address: string;
  port: number;
  serving: KeyPair;
  /** Signs client certificates, PEM. */
  clientAuthority: string;
}

/** Serves the API over TLS. Client certificates are asked for; who shows none may still have a token. */
export async function listen(api: HttpApi, options: ListenOptions): Promise<Closeable & { port: number }> {
  const { serving, clientAuthority: ca } = options;
  const https = { cert: serving.certificate, key: serving.key, ca, requestCert: true, rejectUnauthorized: false };
  const adapter = new FastifyAdapter({ https, keepAliveTimeout: 120_000 } as object);
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.with(api), adapter, {
    logger: ['error', 'warn'],
    bodyParser: false,
  });
  const fastify = adapter.getInstance();
  // Bodies are read by the API itself, after it knows who asks: fastify hands them over untouched.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (_request, _body, done) => {
    done(null);
  });
  const server = app.getHttpServer() as unknown as Server;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A user who leaves in the middle is no error of ours; the stream's own code hears of it.
    socket.on('error', () => socket.destroy());
    void api.upgrade(request, socket, head);
  });
  await app.listen(options.port, options.address);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await app.close();
    },
  };
}
