import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { Channel, systemClock } from '@gantry/base';
import { expired, notFound, type ApiRequest, type User, type WatchEvent } from '@gantry/api';
import type { Transport } from '@gantry/client';
import { Metrics, silentLogger } from '@gantry/observability';
import { ClusterSettings } from '@gantry/rpc';
import { joinCluster, type JoinSettings } from '../../../agent/src/session/join';
import { renewIdentity } from '../../../agent/src/session/join';
import { Session } from '../../../agent/src/session/session';
import { CertificateAuthority } from '../auth/pki/authority';
import { NodeGateway } from './gateway';
import { SettingJoinToken } from './join-tokens';

const pods = { group: '', version: 'v1', resource: 'pods' };
const HOUR = 3600_000;

/** An apiserver that remembers who asked what, and lets the spec drive its watches. */
class FakeApiserver {
  readonly requests: { user: User; request: ApiRequest }[] = [];
  readonly watches: { events: Channel<WatchEvent>; signal: AbortSignal }[] = [];
  answer: (request: ApiRequest) => unknown = () => ({ kind: 'Pod' });

  transport = (user: User): Transport => ({
    request: (request) => {
      this.requests.push({ user, request });
      return Promise.resolve().then(() => this.answer(request));
    },
    watch: (_request, signal) => {
      const events = new Channel<WatchEvent>();
      signal.addEventListener('abort', () => {
        events.close();
      });
      this.watches.push({ events, signal });
      return events;
    },
  });

  get leases(): ApiRequest[] {
    return this.requests.map(({ request }) => request).filter(({ resource }) => resource === 'leases');
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
}

describe('node gateway and agent', () => {
  let directory: string;
  let authority: CertificateAuthority;
  let serving: { certificate: string; key: string };
  let gateway: NodeGateway;
  let apiserver: FakeApiserver;
  const sessions: Session[] = [];

  beforeAll(async () => {
    authority = await CertificateAuthority.load(
      await CertificateAuthority.generate('ca', HOUR, systemClock),
      systemClock,
    );
    serving = await authority.issue({
      usage: 'server',
      commonName: 'gateway',
      hosts: ['kubernetes.default.svc'],
      lifetime: HOUR,
    });
  });

  beforeEach(async () => {
    directory = await mkdtemp(joinPath(tmpdir(), 'gateway-'));
    apiserver = new FakeApiserver();
    gateway = await listen();
  });

  afterEach(async () => {
    for (const session of sessions.splice(0)) session.close();
    await gateway.close();
    await rm(directory, { recursive: true });
  });

  const listen = (port = 0): Promise<NodeGateway> =>
    NodeGateway.listen({
      address: '127.0.0.1',
      port,
      serving,
      signer: authority,
      tokens: new SettingJoinToken('s3cret'),
      settings: ClusterSettings.fromPartial({
        clusterDomain: 'cluster.local',
        mirrors: [{ host: 'docker.io', endpoints: ['http://m'] }],
      }),
      serverVersion: 'v1',
      transport: apiserver.transport,
      clock: systemClock,
      metrics: new Metrics(),
      log: silentLogger,
      heartbeatInterval: 50,
      certificateLifetime: HOUR,
    });

  const joining = (over: Partial<JoinSettings> = {}): JoinSettings => ({
    nodeName: 'node-1',
    servers: [`127.0.0.1:${gateway.port}`],
    token: 's3cret',
    certificateAuthority: authority.certificate,
    directory,
    clock: systemClock,
    log: silentLogger,
    ...over,
  });

  async function connect(over: Partial<JoinSettings> = {}): Promise<Session> {
    const join = joining(over);
    const session = new Session({ join, identity: await joinCluster(join), version: 'v1' });
    sessions.push(session);
    await until(() => session.connected);
    return session;
  }

  describe('join', () => {
    it('gives a node its certificate and the settings, kept for the next start', async () => {
      const identity = await joinCluster(joining());
      expect(identity.settings).toMatchObject({
        clusterDomain: 'cluster.local',
        mirrors: [{ host: 'docker.io', endpoints: ['http://m'] }],
      });
      expect((await stat(joinPath(directory, 'identity.json'))).mode & 0o777).toBe(0o600);
      expect(await joinCluster(joining({ token: undefined, servers: ['localhost:1'] }))).toEqual(identity);
    });

    it.each([
      ['a wrong token', { token: 'guess' }, 'the join token is not valid'],
      ['no token', { token: undefined }, 'the join token is not valid'],
      ['a bad name', { nodeName: 'Node_1' }, 'no valid node name'],
    ])('refuses %s for good', async (_, over, why) => {
      await expect(joinCluster(joining(over))).rejects.toMatchObject({
        cause: { details: expect.stringContaining(why) },
      });
    });

    it('renews with the certificate in place of the token, for no other node', async () => {
      const identity = await joinCluster(joining());
      const server = `localhost:${gateway.port}`;
      const renewed = await renewIdentity(joining({ token: undefined }), identity, server);
      expect(renewed.key).not.toBe(identity.key);
      await expect(renewIdentity(joining({ nodeName: 'node-2' }), identity, server)).rejects.toMatchObject({
        details: 'node node-1 may not renew the certificate of node-2',
      });
    });

    it('tells of a broken identity file', async () => {
      await writeFile(joinPath(directory, 'identity.json'), '{');
      await expect(joinCluster(joining())).rejects.toThrow('remove it to join again');
      expect(await readFile(joinPath(directory, 'identity.json'), 'utf8')).toBe('{');
    });
  });

  describe('session', () => {
    it('asks as the node, and passes answers and failures on', async () => {
      const { transport, settings } = await connect();
      expect(settings.clusterDomain).toBe('cluster.local');
      apiserver.answer = ({ name }) => {
        if (name === 'gone') throw notFound({ group: '', plural: 'pods', kind: 'Pod' }, 'gone');
        return { kind: 'Pod', metadata: { name } };
      };
      expect(await transport.request({ ...pods, verb: 'get', name: 'a' })).toEqual({
        kind: 'Pod',
        metadata: { name: 'a' },
      });
      await expect(transport.request({ ...pods, verb: 'get', name: 'gone' })).rejects.toMatchObject({
        reason: 'NotFound',
        code: 404,
      });
      expect(apiserver.requests.at(-1)?.user).toEqual({
        name: 'system:node:node-1',
        groups: ['system:nodes', 'system:authenticated'],
      });
    });

    it('carries watches side by side, in order, until the reader leaves', async () => {
      const { transport } = await connect();
      const abort = new AbortController();
      const seen: string[] = [];
      const reading = (async () => {
        for await (const { type, object } of transport.watch({ ...pods, verb: 'watch' }, abort.signal))
          seen.push(`${type} ${(object as { n: number }).n}`);
      })();
      await until(() => apiserver.watches.length === 1);
      for (let n = 0; n < 1000; n++) apiserver.watches[0]!.events.push({ type: 'MODIFIED', object: { n } });
      await until(() => seen.length === 1000);
      expect(seen).toEqual(Array.from({ length: 1000 }, (_, n) => `MODIFIED ${n}`));
      abort.abort();
      await reading;
      await until(() => apiserver.watches[0]!.signal.aborted);
    });

    it('throws at the reader what ended the watch', async () => {
      const { transport } = await connect();
      const watch = transport.watch({ ...pods, verb: 'watch' }, new AbortController().signal)[Symbol.asyncIterator]();
      const next = watch.next();
      await until(() => apiserver.watches.length === 1);
      apiserver.watches[0]!.events.push({ type: 'ADDED', object: { n: 1 } });
      apiserver.watches[0]!.events.close(expired());
      expect((await next).value).toEqual({ type: 'ADDED', object: { n: 1 } });
      await expect(watch.next()).rejects.toMatchObject({ reason: 'Expired' });
    });

    it('renews the lease from heartbeats, seldom', async () => {
      apiserver.answer = ({ verb }) => {
        if (verb === 'patch')
          throw notFound({ group: 'coordination.k8s.io', plural: 'leases', kind: 'Lease' }, 'node-1');
        return {};
      };
      await connect();
      const before = gateway.sessions.lastSeen('node-1')!;
      await until(() => gateway.sessions.lastSeen('node-1')! > before);
      expect(apiserver.leases.map(({ verb }) => verb)).toEqual(['patch', 'create']);
      expect(apiserver.leases[1]!.body).toMatchObject({
        metadata: { name: 'node-1', namespace: 'kube-node-lease' },
        spec: { holderIdentity: 'node-1', renewTime: expect.stringMatching(/\.\d{6}Z$/) },
      });
    });

    it('replaces the old session of a node, whose calls end', async () => {
      const old = await connect();
      const events = old.transport.watch({ ...pods, verb: 'watch' }, new AbortController().signal);
      const watch = events[Symbol.asyncIterator]();
      const cut = expect(watch.next()).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
      await until(() => apiserver.watches.length === 1);
      const newer = await connect();
      await cut;
      expect(apiserver.watches[0]!.signal.aborted).toBe(true);
      old.close();
      await until(() => newer.connected);
      expect(gateway.sessions.size).toBe(1);
    });

    it('comes back by itself when the server restarts, on the next server if need be', async () => {
      const session = await connect({ servers: [`localhost:${gateway.port}`, 'localhost:1'] });
      const { port } = gateway;
      await gateway.close();
      await until(() => !session.connected);
      gateway = await listen(port);
      await until(() => session.connected);
      expect(await session.transport.request({ ...pods, verb: 'get', name: 'a' })).toEqual({ kind: 'Pod' });
    });

    it('refuses a session to who has no certificate of a node', async () => {
      const other = await CertificateAuthority.load(
        await CertificateAuthority.generate('ca', HOUR, systemClock),
        systemClock,
      );
      const join = joining();
      const identity = await joinCluster(join);
      for (const issuer of [other, authority]) {
        const pair = await issuer.issue({
          usage: 'client',
          commonName: 'system:node:node-1',
          organizations: ['system:masters'],
          lifetime: HOUR,
        });
        const session = new Session({ join, identity: { ...identity, ...pair }, version: 'v1' });
        sessions.push(session);
        await new Promise((resolve) => setTimeout(resolve, 200));
        expect(session.connected).toBe(false);
      }
    });
  });
});
