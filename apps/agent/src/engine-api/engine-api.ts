import { mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { availableParallelism, release, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { errorMessage, type Clock, type Closeable } from '@gantry/base';
import type { Container, Runtime } from '@gantry/runtime';
import { architecture } from '../node/node-facts';
import { VERSION } from '../version';
import { containerDetails, containerSummary, imageSummary } from './docker-shapes';

const API_VERSION = '1.44';

class EngineError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** The reading part of the Docker Engine API, on a socket of the node: `docker -H unix://… ps`. */
export class EngineApi implements Closeable {
  private constructor(
    private readonly server: Server,
    private readonly socket: string,
  ) {}

  static async listen(socket: string, nodeName: string, runtime: Runtime, clock: Clock): Promise<EngineApi> {
    await mkdir(dirname(socket), { recursive: true });
    // Left by an agent that was killed; two agents of one node are kept apart by the runtime's lock.
    await rm(socket, { force: true });
    const routes = new EngineRoutes(nodeName, runtime, clock);
    const server = createServer((request, response) => void serve(routes, request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socket, resolve);
    });
    return new EngineApi(server, socket);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.socket, { force: true });
  }
}

async function serve(routes: EngineRoutes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('Api-Version', API_VERSION).setHeader('Ostype', 'linux').setHeader('Server', `Gantry/${VERSION}`);
  const url = new URL(request.url ?? '/', 'http://engine');
  const path = url.pathname.replace(/^\/v\d+\.\d+(?=\/)/, '');
  try {
    if (path === '/_ping') {
      response.setHeader('Content-Type', 'text/plain; charset=utf-8').end(request.method === 'HEAD' ? undefined : 'OK');
      return;
    }
    const body = request.method === 'GET' ? await routes.get(path, url.searchParams) : undefined;
    if (body === undefined) throw new EngineError(404, 'page not found');
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
  } catch (error) {
    response.writeHead(error instanceof EngineError ? error.code : 500, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ message: errorMessage(error) }));
  }
}

class EngineRoutes {
  constructor(
    private readonly nodeName: string,
    private readonly runtime: Runtime,
    private readonly clock: Clock,
  ) {}

  /** The answer to a GET; undefined when there is no such page. */
  async get(path: string, query: URLSearchParams): Promise<unknown> {
    if (path === '/version') return version();
    if (path === '/info') return this.info();
    if (path === '/containers/json') return this.containers(isTrue(query.get('all')));
    if (path === '/images/json') return (await this.runtime.images.list()).map(imageSummary);
    const id = /^\/containers\/([^/]+)\/json$/.exec(path)?.[1];
    return id === undefined ? undefined : this.container(decodeURIComponent(id));
  }

  private async containers(all: boolean): Promise<object[]> {
    const [containers, images] = await Promise.all([this.runtime.containers.list(), this.runtime.images.list()]);
    const byId = new Map(images.map((image) => [image.id, image]));
    return containers
      .filter(({ phase }) => all || phase === 'running')
      .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
      .map((container) => containerSummary(container, byId.get(container.image), this.clock.now()));
  }

  /** By id, or by a beginning of it that only one has. */
  private async container(id: string): Promise<object> {
    const found = (await this.runtime.containers.list()).filter((container) => container.id.startsWith(id));
    if (found.length > 1) throw new EngineError(400, `Multiple IDs found with provided prefix: ${id}`);
    const [container] = found;
    if (!container) throw new EngineError(404, `No such container: ${id}`);
    return containerDetails(container, await this.runtime.images.get(container.image));
  }

  private async info(): Promise<object> {
    const [containers, images] = await Promise.all([this.runtime.containers.list(), this.runtime.images.list()]);
    const count = (phase: Container['phase']): number =>
      containers.filter((container) => container.phase === phase).length;
    return {
      ID: this.nodeName,
      Name: this.nodeName,
      Containers: containers.length,
      ContainersRunning: count('running'),
      ContainersPaused: 0,
      ContainersStopped: count('exited') + count('created'),
      Images: images.length,
      Driver: 'overlayfs',
      CgroupDriver: 'cgroupfs',
      ServerVersion: VERSION,
      OperatingSystem: 'Linux',
      OSType: 'linux',
      Architecture: architecture(),
      KernelVersion: release(),
      NCPU: availableParallelism(),
      MemTotal: totalmem(),
      Plugins: {},
      SecurityOptions: ['name=seccomp,profile=builtin'],
    };
  }
}

function version(): object {
  const details = {
    Version: VERSION,
    ApiVersion: API_VERSION,
    MinAPIVersion: '1.24',
    Os: 'linux',
    Arch: architecture(),
  };
  return { ...details, KernelVersion: release(), Components: [{ Name: 'Engine', Version: VERSION, Details: details }] };
}

const isTrue = (value: string | null): boolean => value !== null && value !== '0' && value !== 'false';
