import type { Pod, Service } from '@gantry/api';
import type { Clock } from '@gantry/base';
import type { Logger } from '@gantry/observability';
import type { Image, Runtime } from '@gantry/runtime';
import type { ContainerStopper } from './container-stopper';
import type { PodFiles } from './files/pod-files';
import type { ClusterDns } from './files/resolv-conf';
import type { PodImages } from './images/pod-images';
import type { LifecycleHooks } from './lifecycle-hooks';
import type { PodEvents } from './pod-events';
import type { PodNetwork } from './pod-network';
import type { PodPaths } from './pod-paths';
import type { StepType } from './plan/step';
import type { ProbeCheck } from './probes/probe-checks';
import type { ReferenceWatcher } from './references/reference-watcher';
import type { ContainerSettings } from './spec/container-spec';
import type { NodeFacts } from './spec/field-ref';
import type { ContainerMounts } from './spec/mounts';
import type { StatusReporter } from './status/status-reporter';
import type { PodVolumes } from './volumes/pod-volumes';

/** What the workers of all pods share. */
export interface PodServices {
  clock: Clock;
  log: Logger;
  runtime: Runtime;
  network: PodNetwork;
  paths: PodPaths;
  files: PodFiles;
  volumes: PodVolumes;
  mounts: ContainerMounts;
  images: PodImages;
  references: Pick<ReferenceWatcher, 'use' | 'of' | 'release'>;
  hooks: LifecycleHooks;
  stopper: ContainerStopper;
  check: ProbeCheck;
  events: PodEvents;
  reporter: StatusReporter;
  settings: ContainerSettings;
  postStartTimeoutMs: number;
  dns(): ClusterDns;
  node(): NodeFacts;
  /** Services that pods may be told of by their environment. */
  services(): Service[];
  /** How an image is shown in a status: its digest reference where it has one. */
  imageName(imageId: string): string;
  rememberImage(image: Image): void;
  /** Nothing of the pod is left on this node: a deleted pod may go from the API too. */
  release(pod: Pod): Promise<void>;
  /** A pod runs for the first time: seconds from when the node saw it. */
  onStarted(pod: Pod, seconds: number): void;
  onStep(type: StepType, seconds: number, succeeded: boolean): void;
}
