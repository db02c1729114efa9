import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Service } from '@gantry/api';
import type { Clock, Closeable } from '@gantry/base';
import type { EventRecorder, TypedClient } from '@gantry/client';
import type { Logger } from '@gantry/observability';
import type { Image, Runtime } from '@gantry/runtime';
import { ContainerStopper } from './container-stopper';
import { PodFiles } from './files/pod-files';
import type { ClusterDns } from './files/resolv-conf';
import { PodImages } from './images/pod-images';
import { LifecycleHooks } from './lifecycle-hooks';
import { PodEvents } from './pod-events';
import type { PodNetwork } from './pod-network';
import { PodPaths } from './pod-paths';
import type { StepType } from './plan/step';
import type { PodServices } from './pod-services';
import { probeChecks } from './probes/probe-checks';
import { ReferenceWatcher } from './references/reference-watcher';
import type { NodeFacts } from './spec/field-ref';
import { ContainerMounts } from './spec/mounts';
import { StatusReporter } from './status/status-reporter';
import { kernelMounts } from './volumes/mount-table';
import { PodVolumes } from './volumes/pod-volumes';

export interface PodServicesOptions {
  clock: Clock;
  log: Logger;
  runtime: Runtime;
  network: PodNetwork;
  client: TypedClient;
  recorder: EventRecorder;
  dataDir: string;
  runDir: string;
  nodeMemoryBytes: number;
  containerLog: { maxBytes: number; maxFiles: number };
  dns: ClusterDns;
  node: NodeFacts;
  services(): Service[];
  onReferenceChange(podUid: string): void;
  onStarted(seconds: number): void;
  onStep(type: StepType, seconds: number, succeeded: boolean): void;
}

/** A container's postStart hook may take this long; Kubernetes sets no limit, a stuck hook would wait for ever. */
const POST_START_TIMEOUT_MS = 600_000;

/** Puts together what the workers of all pods share; `parts` closes it. */
export async function podServices(
  options: PodServicesOptions,
): Promise<{ shared: Omit<PodServices, 'release'>; parts: Closeable }> {
  const { clock, log, runtime, network, client, recorder, dns, node } = options;
  const { containers, images } = runtime;
  const paths = new PodPaths(options.dataDir, options.runDir);
  await mkdir(paths.pods, { recursive: true });
  await ensureInMemory(paths.memoryPods);
  const events = new PodEvents(recorder);
  const volumes = new PodVolumes(paths, kernelMounts);
  const reporter = new StatusReporter(client.transport, clock, log);
  const references = new ReferenceWatcher(client, { clock }, (uid) => {
    options.onReferenceChange(uid);
  });
  const names = new Map((await images.list()).map((image) => [image.id, imageName(image)]));
  const shared: Omit<PodServices, 'release'> = {
    clock,
    log,
    runtime,
    network,
    paths,
    files: new PodFiles(paths, () => dns),
    volumes,
    mounts: new ContainerMounts(paths, volumes, kernelMounts),
    images: new PodImages(images, events, clock),
    references,
    hooks: new LifecycleHooks(containers, clock),
    stopper: new ContainerStopper(containers, clock),
    check: probeChecks(containers, clock),
    events,
    reporter,
    settings: {
      nodeMemoryBytes: options.nodeMemoryBytes,
      seccompRoot: join(options.dataDir, 'seccomp'),
      log: options.containerLog,
    },
    postStartTimeoutMs: POST_START_TIMEOUT_MS,
    dns: () => dns,
    node: () => node,
    services: () => options.services(),
    imageName: (id) => names.get(id) ?? id,
    rememberImage: (image) => void names.set(image.id, imageName(image)),
    onStarted: (_pod, seconds) => {
      options.onStarted(seconds);
    },
    onStep: (type, seconds, succeeded) => {
      options.onStep(type, seconds, succeeded);
    },
  };
  const close = async (): Promise<void> => {
    reporter.close();
    await Promise.all([references.close(), recorder.close()]);
  };
  return { shared, parts: { close } };
}

const TMPFS_MAGIC = 0x01021994;

/** Secrets never reach a disk: where the run directory is not on a tmpfs, pods get one of their own. */
async function ensureInMemory(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { type } = await statfs(folder);
  if (type !== TMPFS_MAGIC) await kernelMounts.tmpfs(folder, { mode: 0o700 });
}

const imageName = ({ id, digests }: Image): string => digests[0] ?? id;
