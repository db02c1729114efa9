import { join } from 'node:path';
import { builtinKinds } from '@gantry/api';
import { systemClock, writeFileDurably, type Closeable } from '@gantry/base';
import { TypedClient } from '@gantry/client';
import { createLogger, Health, Metrics } from '@gantry/observability';
import { EtcdStore, MemoryStore, type Store } from '@gantry/store';
import { assembleApiserver, type AssembledApiserver } from './apiserver/assemble';
import { ApiDocuments } from './apiserver/http/documents';
import { HttpApi } from './apiserver/http/http-api';
import { InFlight } from './apiserver/http/in-flight';
import { listen } from './apiserver/http/listen';
import { RequestMetrics } from './apiserver/http/request-metrics';
import { ResourceEndpoint } from './apiserver/http/resource-endpoint';
import { MeteredStore } from './apiserver/storage/metered-store';
import type { StreamingEndpoint } from './apiserver/streaming/streaming';
import { RequestAuthenticator } from './auth/authentication';
import { writeAdminKubeconfig } from './auth/pki/kubeconfig';
import { ensurePki, type Pki } from './auth/pki/pki';
import { StaticTokens } from './auth/static-tokens';
import { apiserverUser } from './auth/users';
import { awaitStore } from './await-store';
import { bootstrap } from './bootstrap';
import type { ControlPlane } from './components';
import { startNodeGateway } from './nodes';
import { startReconcilers } from './reconcilers/start-reconcilers';
import { startScheduler } from './scheduler/start-scheduler';
import type { Settings } from './settings/settings';
import { SERVER_VERSION } from './version';

/** Starts a control plane with the roles it is told; closing it ends all of them, the API last. */
export async function runServer(settings: Settings): Promise<Closeable> {
  const log = createLogger({ component: 'control-plane' });
  const metrics = new Metrics().watchProcess();
  const pki = await ensurePki({
    directory: join(settings.dataDir, 'pki'),
    hosts: serverHosts(settings),
    clock: systemClock,
  });
  // What agents must know before they trust us: the certificate without its key.
  await writeFileDurably(join(settings.dataDir, 'ca.crt'), pki.authority.certificate, 0o644);
  const store = new MeteredStore(openStore(settings, log), metrics, systemClock);
  await awaitStore(store, systemClock, log);
  const { serviceRange: addresses, nodePorts } = settings;
  const assembled = assembleApiserver({ store, kinds: builtinKinds, clock: systemClock, log, addresses, nodePorts });
  const plane: ControlPlane = {
    settings,
    transport: assembled.transport,
    pki,
    store,
    metrics,
    log,
    clock: systemClock,
  };
  await bootstrap(new TypedClient(assembled.transport(apiserverUser)), settings);
  const parts = await startParts(plane, assembled, pki);
  await writeAdminKubeconfig(settings.kubeconfig, pki, `https://127.0.0.1:${settings.port}`);
  log.info({ port: settings.port }, 'serving');
  return {
    async close() {
      for (const part of parts.reverse()) await part.close();
      await assembled.close();
      await store.close();
    },
  };
}

async function startParts(plane: ControlPlane, assembled: AssembledApiserver, pki: Pki): Promise<Closeable[]> {
  const { settings } = plane;
  const parts: Closeable[] = [];
  if (settings.roles.has('api')) {
    const gateway = await startNodeGateway(plane);
    parts.push(await serveApi(plane, assembled, pki, gateway.streaming), gateway);
  }
  if (settings.roles.has('scheduler')) parts.push(await startScheduler(plane));
  if (settings.roles.has('reconcilers')) parts.push(await startReconcilers(plane));
  return parts;
}

async function serveApi(
  { settings, metrics, log, clock, store }: ControlPlane,
  { apiserver, authorizer, caches }: AssembledApiserver,
  pki: Pki,
  streaming: StreamingEndpoint,
): Promise<Closeable> {
  const tokens = settings.tokenFile ? [await StaticTokens.load(settings.tokenFile)] : [];
  const health = new Health()
    .add('etcd', async () => {
      await store.revision();
    })
    .add(
      'informer-sync',
      () => {
        caches.check();
      },
      ['readyz'],
    );
  const api = new HttpApi({
    authenticator: new RequestAuthenticator(tokens),
    authorizer,
    resources: new ResourceEndpoint(apiserver, () => streaming, clock),
    documents: new ApiDocuments(
      builtinKinds,
      `${settings.advertiseAddress}:${settings.port}`,
      SERVER_VERSION.gitVersion,
    ),
    health,
    metrics,
    requests: new RequestMetrics(metrics, clock),
    inFlight: new InFlight(),
    version: SERVER_VERSION,
    clock,
    log: log.child({ scope: 'apiserver.http' }),
  });
  const { bindAddress: address, port } = settings;
  return listen(api, { address, port, serving: pki.serving, clientAuthority: pki.authority.certificate });
}

function openStore({ etcdEndpoints }: Settings, log: ControlPlane['log']): Store {
  return etcdEndpoints.length > 0 ? new EtcdStore({ endpoints: etcdEndpoints, log }) : new MemoryStore();
}

function serverHosts({ advertiseAddress, serverNames, serviceRange, clusterDomain }: Settings): string[] {
  const inCluster = [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    `kubernetes.default.svc.${clusterDomain}`,
  ];
  return [...new Set(['localhost', '127.0.0.1', advertiseAddress, serviceRange.at(1), ...inCluster, ...serverNames])];
}
