import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Node, Pod, Service, unitValue } from '@gantry/api';
import { systemClock, type Clock, type Closeable } from '@gantry/base';
import { EventRecorder, InformerSet, TypedClient } from '@gantry/client';
import { createLogger, Health, Metrics, serveMetrics, type Logger } from '@gantry/observability';
import type { ClusterSettings } from '@gantry/rpc';
import { openRuntime, type Runtime } from '@gantry/runtime';
import { EngineApi } from './engine-api/engine-api';
import { ClusterNetwork } from './network';
import { nodeImages, nodeUsage, systemInfo } from './node/node-facts';
import { NodeReporter } from './node/node-reporter';
import { LoopbackNetwork } from './pods/loopback-network';
import { PodFleet } from './pods/pod-fleet';
import type { PodNetwork } from './pods/pod-network';
import { podServices } from './pods/make-pod-services';
import { joinCluster, runtimeStreamActions, serveStream, Session } from './session';
import { runtimeFolders, type AgentSettings } from './settings';
import { AgentMetrics } from './stats/agent-metrics';
import { VERSION } from './version';

/**
 * Runs a node of the cluster until it is closed. Closing ends the agent, not what runs on the node: a later agent takes
 * it over as it is. When the node has joined before, it starts without a control plane too.
 */
export async function runAgent(settings: AgentSettings): Promise<Closeable> {
  const clock = systemClock;
  const log = createLogger({ component: 'agent', level: settings.logLevel }).child({ node: settings.nodeName });
  const parts: Closeable[] = [];
  const close = async (): Promise<void> => {
    for (const part of parts.splice(0).reverse()) await part.close();
  };
  try {
    await start(settings, clock, log, parts);
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

async function start(settings: AgentSettings, clock: Clock, log: Logger, parts: Closeable[]): Promise<void> {
  await Promise.all([mkdir(settings.dataDir, { recursive: true }), mkdir(settings.runDir, { recursive: true })]);
  const session = await openSession(settings, clock, log);
  parts.push(session);
  const runtime = await openNodeRuntime(settings, session.settings, clock, log);
  parts.push(runtime);
  parts.push(await EngineApi.listen(join(settings.runDir, 'docker.sock'), settings.nodeName, runtime, clock));
  serveStreams(session, runtime, clock, log);

  const client = new TypedClient(session.transport);
  const informers = new InformerSet(client, {
    clock,
    onRetry: (error, failures) => {
      log.debug({ err: error, failures }, 'a watch of the API broke; trying again');
    },
  });
  parts.push(informers);
  const metrics = new Metrics().watchProcess();
  const network = await openNetwork(settings, session.settings, informers, clock, log);
  if (isCloseable(network)) parts.push(network);
  const fleet = await openFleet({ settings, session, runtime, client, informers, network, metrics, clock, log });
  parts.push(fleet.parts, fleet.fleet);
  informers.start();

  const node = await openNode(settings, client, informers, runtime, clock, log);
  parts.push(node);
  const health = new Health();
  parts.push(await serveMetrics({ metrics, health, host: settings.hostAddress, port: settings.metricsPort }));
  log.info({ version: VERSION }, 'the agent runs');
  // Waits for the control plane: what runs on the node runs on meanwhile.
  fleet.fleet.start().catch((error: unknown) => {
    log.fatal({ err: error }, 'could not take over the pods of this node');
    process.exitCode = 1;
    process.kill(process.pid, 'SIGTERM');
  });
}

async function openSession(settings: AgentSettings, clock: Clock, log: Logger): Promise<Session> {
  const { nodeName, servers, token, certificateAuthority } = settings;
  const directory = join(settings.dataDir, 'identity');
  const join_ = {
    nodeName,
    servers,
    token,
    certificateAuthority,
    directory,
    clock,
    log: log.child({ scope: 'session' }),
  };
  return new Session({ join: join_, identity: await joinCluster(join_), version: VERSION });
}

function openNodeRuntime(
  settings: AgentSettings,
  { mirrors }: ClusterSettings,
  clock: Clock,
  log: Logger,
): Promise<Runtime> {
  const endpoints = mirrors.flatMap((mirror) => mirror.endpoints);
  return openRuntime({
    ...runtimeFolders(settings),
    cgroupParent: settings.cgroupParent,
    ociRuntime: settings.ociRuntime,
    mirrors: Object.fromEntries(mirrors.map((mirror) => [mirror.host, mirror.endpoints])),
    insecureRegistries: endpoints.filter((url) => url.startsWith('http://')).map((url) => new URL(url).host),
    logger: log.child({ scope: 'runtime' }),
    clock,
  });
}

function serveStreams(session: Session, runtime: Runtime, clock: Clock, log: Logger): void {
  const actions = runtimeStreamActions(runtime);
  session.onOpenStream((request, open) => {
    serveStream(request, open, actions, clock).catch((error: unknown) => {
      log.warn({ err: error, pod: request.pod, namespace: request.namespace }, 'a stream broke');
    });
  });
}

async function openNetwork(
  { nodeName, hostAddress, dataDir, podNetwork }: AgentSettings,
  { podCidr, serviceCidr, dnsAddress, clusterDomain }: ClusterSettings,
  informers: InformerSet,
  clock: Clock,
  log: Logger,
): Promise<PodNetwork> {
  if (podNetwork === 'loopback') return new LoopbackNetwork();
  const folder = join(dataDir, 'network');
  await mkdir(folder, { recursive: true });
  return ClusterNetwork.start(
    {
      nodeName,
      hostAddress,
      dataDir: folder,
      podRange: podCidr,
      serviceRange: serviceCidr,
      dnsAddress,
      clusterDomain,
      mode: podNetwork,
    },
    { informers, clock, log },
  );
}

interface FleetParts {
  settings: AgentSettings;
  session: Session;
  runtime: Runtime;
  client: TypedClient;
  informers: InformerSet;
  network: PodNetwork;
  metrics: Metrics;
  clock: Clock;
  log: Logger;
}

async function openFleet(from: FleetParts): Promise<{ fleet: PodFleet; parts: Closeable }> {
  const { settings, session, runtime, client, informers, network, clock, log } = from;
  const recorder = new EventRecorder({
    client,
    component: 'kubelet',
    host: settings.nodeName,
    clock,
    onDropped: (error, { reason, message }) => {
      log.debug({ err: error, reason, message }, 'an event was not written');
    },
  });
  const pods = informers.of(Pod, { fieldSelector: `spec.nodeName=${settings.nodeName}` });
  const services = informers.of(Service);
  const metrics: AgentMetrics = new AgentMetrics(from.metrics, runtime, () => fleet.list().length);
  const { dnsAddress: address, clusterDomain: domain } = session.settings;
  const { shared, parts } = await podServices({
    clock,
    log: log.child({ scope: 'pods' }),
    runtime,
    network,
    client,
    recorder,
    dataDir: settings.dataDir,
    runDir: settings.runDir,
    nodeMemoryBytes: unitValue(settings.memory),
    containerLog: settings.containerLog,
    dns: { address, domain },
    node: {
      name: settings.nodeName,
      ip: settings.hostAddress,
      allocatable: { cpu: settings.cpu, memory: settings.memory },
    },
    services: () => services.cache.list(),
    onReferenceChange: (uid) => fleet.worker(uid)?.referencesChanged(),
    onStarted: (seconds) => {
      metrics.podStart.observe(seconds);
    },
    onStep: (step, seconds, succeeded) => {
      metrics.podStep.observe({ step, result: succeeded ? 'success' : 'error' }, seconds);
    },
  });
  const fleet = new PodFleet({ services: shared, pods, client });
  return { fleet, parts };
}

async function openNode(
  settings: AgentSettings,
  client: TypedClient,
  informers: InformerSet,
  runtime: Runtime,
  clock: Clock,
  log: Logger,
): Promise<NodeReporter> {
  const { nodeName, hostAddress, cpu, memory, maxPods, dataDir } = settings;
  const nodes = informers.of(Node);
  const notReady = (): string | undefined => {
    if (settings.podNetwork === 'loopback' || nodes.cache.get(nodeName)?.spec?.podCIDR) return undefined;
    return 'container runtime network not ready: the node has no range of pod addresses yet';
  };
  const reporter = new NodeReporter({
    nodeName,
    hostAddress,
    cpu,
    memory,
    maxPods,
    nodes: client.resource(Node),
    clock,
    log: log.child({ scope: 'node' }),
    info: await systemInfo(settings.ociRuntime),
    images: () => nodeImages(runtime.images),
    usage: () => nodeUsage(dataDir),
    notReady,
  });
  let before = notReady();
  nodes.onChange(({ key }) => {
    if (key !== nodeName || notReady() === before) return;
    before = notReady();
    reporter.look();
  });
  reporter.look();
  return reporter;
}

const isCloseable = (network: PodNetwork): network is PodNetwork & Closeable => 'close' in network;
