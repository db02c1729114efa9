import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { access, mkdir } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { systemClock, type Clock, type Closeable } from '@gantry/base';
import { createLogger, Health, Metrics, type Logger } from '@gantry/observability';
import type { BlobStore } from './drivers/blob-store';
import { FilesystemBlobStore } from './drivers/filesystem/filesystem-blob-store';
import { FaultFilter } from './http/fault.filter';
import { measureRequests } from './http/measure-requests';
import { rewriteUrl } from './http/route';
import { FilesystemMetadata } from './metadata/filesystem/filesystem-metadata';
import { RegistryPaths } from './paths';
import { RegistryModule, type RegistryParts } from './registry.module';
import type { RegistrySettings } from './settings';

export interface RunningRegistry extends Closeable {
  /** Where it listens: `http://127.0.0.1:5000`. */
  urls: string[];
  close(): Promise<void>;
}

/** Milliseconds a connection may be silent, and a whole request may take; both end clients that dawdle on purpose. */
const IDLE_TIMEOUT = 60_000;
const REQUEST_TIMEOUT = 3_600_000;

/** Milliseconds after which an upload that nobody adds to is given up, and between two looks for such. */
const UPLOAD_LIFETIME = 24 * 3_600_000;
const UPLOAD_SWEEP_INTERVAL = 3_600_000;

/** Starts a registry; resolves when it listens on every address. */
export async function runRegistry(settings: RegistrySettings, clock: Clock = systemClock): Promise<RunningRegistry> {
  const log = createLogger({ component: 'registry', level: settings.logLevel });
  const paths = new RegistryPaths(settings.dataDirectory);
  await mkdir(paths.root, { recursive: true });
  const blobs = new FilesystemBlobStore(paths);
  const metrics = new Metrics().watchProcess();
  const health = new Health().add('storage', () => access(paths.root));
  const app = await createApp({ blobs, metadata: new FilesystemMetadata(paths), metrics, health, log });
  const servers = await Promise.all(settings.bindAddresses.map((address) => listen(app, address, settings.port)));
  const sweeper = sweepUploads(blobs, clock, log);
  const urls = servers.map(urlOf);
  log.info({ urls, dataDirectory: paths.root }, 'registry is listening');
  return {
    urls,
    async close() {
      await sweeper.close();
      await Promise.all(servers.map(stop));
      await app.close();
    },
  };
}

async function createApp(parts: RegistryParts): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    rewriteUrl: (request: IncomingMessage) => rewriteUrl(request.url ?? '/'),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1024 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(RegistryModule.over(parts), adapter, {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  const server = adapter.getInstance();
  // Bodies stay streams: handlers write them where they belong as they come.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, _payload, done) => {
    done(null);
  });
  measureRequests(server, parts.metrics);
  app.useGlobalFilters(new FaultFilter(parts.log));
  await app.init();
  await server.ready();
  return app;
}

/** A listener per address, all in front of the same application. */
function listen(app: NestFastifyApplication, address: string, port: number): Promise<Server> {
  const fastify = app.getHttpAdapter().getInstance();
  const options = { requestTimeout: REQUEST_TIMEOUT, headersTimeout: IDLE_TIMEOUT, keepAliveTimeout: IDLE_TIMEOUT };
  const server = createServer(options, (request, response) => {
    fastify.routing(request, response);
  });
  server.setTimeout(IDLE_TIMEOUT);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      resolve(server);
    });
  });
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

function sweepUploads(blobs: BlobStore, clock: Clock, log: Logger): Closeable {
  let timer: Closeable | undefined;
  const sweep = () => {
    blobs.cancelIdleUploads(clock.now() - UPLOAD_LIFETIME).then(
      (cancelled) => {
        if (cancelled > 0) log.info({ cancelled }, 'gave up idle uploads');
      },
      (error: unknown) => {
        log.warn({ err: error }, 'could not look for idle uploads');
      },
    );
    timer = clock.after(UPLOAD_SWEEP_INTERVAL, sweep);
  };
  sweep();
  return { close: () => timer?.close() };
}
