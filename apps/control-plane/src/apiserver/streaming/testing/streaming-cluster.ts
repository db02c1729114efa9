import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { systemClock } from '@gantry/base';
import { internalError, notFound, StatusError, type Pod, type User } from '@gantry/api';
import type { Transport } from '@gantry/client';
import { Metrics, silentLogger } from '@gantry/observability';
import { ClusterSettings } from '@gantry/rpc';
import { joinCluster } from '../../../../../agent/src/session/join';
import { serveStream } from '../../../../../agent/src/session/serve-stream';
import { Session } from '../../../../../agent/src/session/session';
import { CertificateAuthority } from '../../../auth/pki/authority';
import { NodeGateway } from '../../../nodes/gateway';
import { SettingJoinToken } from '../../../nodes/join-tokens';
import { PodStreaming } from '../pod-streaming';
import type { StreamingSubresource, StreamRequest } from '../streaming';
import { LocalActions } from './local-actions';

const HOUR = 3600_000;
const user: User = { name: 'admin', groups: [] };

/** Just enough of a cluster to stream: an API with pods for kubectl, a real gateway, and an agent that runs local processes. */
export class StreamingCluster {
  readonly actions = new LocalActions();
  readonly pods = new Map<string, Pod>();

  private constructor(
    readonly gateway: NodeGateway,
    readonly agent: Session,
    readonly metrics: Metrics,
    private readonly http: Server,
    private readonly directory: string,
  ) {}

  static async start(): Promise<StreamingCluster> {
    const authority = await CertificateAuthority.load(
      await CertificateAuthority.generate('ca', HOUR, systemClock),
      systemClock,
    );
    const metrics = new Metrics();
    const transport = (): Transport => ({
      request: ({ resource, name = '' }) => {
        const pod = cluster.pods.get(name);
        if (resource === 'pods' && !pod)
          return Promise.reject(notFound({ group: '', plural: 'pods', kind: 'Pod' }, name));
        return Promise.resolve(pod ?? {});
      },
      watch: () => {
        throw new Error('not watched here');
      },
    });
    const gateway = await NodeGateway.listen({
      address: '127.0.0.1',
      port: 0,
      serving: await authority.issue({
        usage: 'server',
        commonName: 'gateway',
        hosts: ['kubernetes.default.svc'],
        lifetime: HOUR,
      }),
      signer: authority,
      tokens: new SettingJoinToken('token'),
      settings: ClusterSettings.create(),
      serverVersion: 'v1',
      transport,
      clock: systemClock,
      metrics,
      log: silentLogger,
    });
    const directory = await mkdtemp(join(tmpdir(), 'streaming-'));
    const joining = {
      nodeName: 'node-1',
      servers: [`localhost:${gateway.port}`],
      token: 'token',
      certificateAuthority: authority.certificate,
      directory,
      clock: systemClock,
      log: silentLogger,
    };
    const agent = new Session({ join: joining, identity: await joinCluster(joining), version: 'v1' });
    const streaming = new PodStreaming(transport(), gateway.streams, systemClock);
    const http = createServer();
    const cluster = new StreamingCluster(gateway, agent, metrics, http, directory);
    agent.onOpenStream((request, open) => void serveStream(request, open, cluster.actions, systemClock));
    http.on('request', (raw, response) => {
      const request = streamRequest(raw);
      const answer = request ? streaming.respond(request, raw, response) : cluster.plain(raw, response);
      answer.catch((error: unknown) => {
        const status = statusOf(error);
        response.writeHead(status.code, { 'content-type': 'application/json' }).end(JSON.stringify(status.toStatus()));
      });
    });
    http.on('upgrade', (raw: IncomingMessage, socket: Duplex, head: Buffer) => {
      streaming.upgrade(streamRequest(raw)!, raw, socket, head).catch((error: unknown) => {
        const status = statusOf(error);
        const body = JSON.stringify(status.toStatus());
        socket.end(
          `HTTP/1.1 ${status.code} Refused\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
        );
      });
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    await agent.transport.request({ group: '', version: 'v1', resource: 'nodes', verb: 'get', name: 'node-1' });
    return cluster;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** A running pod on the node. */
  addPod(name: string, containers = ['main'], status: Partial<Pod['status']> = {}): void {
    this.pods.set(name, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', uid: `uid-${name}` },
      spec: { nodeName: 'node-1', containers: containers.map((container) => ({ name: container, image: 'x' })) },
      status: {
        phase: 'Running',
        containerStatuses: containers.map((container) => ({
          name: container,
          state: { running: {} },
          ready: true,
          restartCount: 0,
          image: 'x',
          imageID: '',
        })),
        ...status,
      },
    } as unknown as Pod);
  }

  async stop(): Promise<void> {
    this.agent.close();
    await this.gateway.close();
    this.http.closeAllConnections();
    this.http.close();
    await rm(this.directory, { recursive: true });
  }

  /** What kubectl asks besides streams: discovery and the pod. */
  private plain({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(this.object(url.split('?')[0]!)));
    return Promise.resolve();
  }

  private object(path: string): unknown {
    if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
    if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: [] };
    if (path === '/api/v1') {
      const pods = {
        name: 'pods',
        singularName: 'pod',
        namespaced: true,
        kind: 'Pod',
        verbs: ['get', 'list'],
        shortNames: ['po'],
      };
      return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'v1', resources: [pods] };
    }
    return this.pods.get(path.split('/').at(-1)!) ?? {};
  }
}

function streamRequest({ url = '' }: IncomingMessage): StreamRequest | undefined {
  const { pathname, searchParams } = new URL(url, 'http://cluster');
  const match = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/(exec|attach|portforward|log)$/.exec(pathname);
  if (!match) return undefined;
  return {
    namespace: match[1]!,
    name: match[2]!,
    subresource: match[3] as StreamingSubresource,
    query: searchParams,
    user,
  };
}

function statusOf(error: unknown): StatusError {
  return error instanceof StatusError ? error : internalError(error);
}
