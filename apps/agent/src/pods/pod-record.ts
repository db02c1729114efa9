import type { Container, Pod } from '@gantry/api';
import type { Container as RuntimeContainer, Sandbox } from '@gantry/runtime';
import { label } from './identity';
import {
  observeContainer,
  type ObservedContainer,
  type ObservedPod,
  type ObservedSandbox,
  type ProbeVerdicts,
  type ReadyImage,
} from './observed';
import type { PodAddresses } from './pod-network';

/** What the agent knows of one pod on this node: a mirror of the runtime, and what it learnt while acting. */
export class PodRecord {
  sandbox?: ObservedSandbox;
  networkNamespace?: string;
  addresses?: PodAddresses;
  volumes: ObservedPod['volumes'] = 'absent';
  readonly images = new Map<string, ReadyImage>();
  private readonly instances = new Map<string, RuntimeContainer>();
  private readonly hooks = new Map<string, ObservedContainer['postStart']>();
  private readonly messages = new Map<string, string>();

  constructor(
    /** As the API last had it. */
    public pod: Pod,
    /** When this node first saw it, in milliseconds since the epoch. */
    readonly seenAt: number,
  ) {}

  get uid(): string {
    return this.pod.metadata.uid;
  }

  adoptSandbox(sandbox: Sandbox): void {
    const attempt = Number(sandbox.labels?.[label.sandboxAttempt] ?? 0);
    if (this.sandbox && this.sandbox.attempt > attempt) return;
    this.sandbox = { id: sandbox.id, attempt, createdAt: Date.parse(sandbox.createdAt), detached: false };
    this.networkNamespace = sandbox.networkNamespace;
  }

  forgetSandbox(): void {
    this.sandbox = undefined;
    this.networkNamespace = undefined;
    this.addresses = undefined;
  }

  /** Answers to steps and events may cross: an instance never comes back from its end. */
  setInstance(container: RuntimeContainer): void {
    if (this.instances.get(container.id)?.phase === 'exited' && container.phase !== 'exited') return;
    this.instances.set(container.id, container);
  }

  removeInstance(id: string): void {
    this.instances.delete(id);
    this.hooks.delete(id);
    this.messages.delete(id);
  }

  /** Ended instances whose termination message was not looked for yet. */
  endedUnheard(): RuntimeContainer[] {
    return [...this.instances.values()].filter(({ id, phase }) => phase === 'exited' && !this.messages.has(id));
  }

  setHook(id: string, state: ObservedContainer['postStart']): void {
    this.hooks.set(id, state);
  }

  setMessage(id: string, message: string): void {
    this.messages.set(id, message);
  }

  /** The container of the spec by name; init containers too. */
  container(name: string): Container | undefined {
    const { initContainers = [], containers } = this.pod.spec;
    return [...initContainers, ...containers].find((container) => container.name === name);
  }

  /** What exists now. `verdicts` answers for an instance that runs; `imageName` says how an image is shown to users. */
  observe(
    verdicts: (container: Container, instance: ObservedContainer) => ProbeVerdicts,
    imageName: (imageId: string) => string,
  ): ObservedPod {
    const containers = new Map<string, ObservedContainer[]>();
    for (const runtimeContainer of this.instances.values()) {
      const instance = observeContainer(runtimeContainer);
      instance.postStart = this.hooks.get(instance.id) ?? 'none';
      instance.message = this.messages.get(instance.id);
      instance.imageId = imageName(instance.imageId);
      const container = this.container(instance.name);
      if (container && instance.phase === 'running') instance.probes = verdicts(container, instance);
      const others = containers.get(instance.name);
      if (others) others.push(instance);
      else containers.set(instance.name, [instance]);
    }
    for (const list of containers.values()) list.sort((a, b) => a.restartCount - b.restartCount);
    const { sandbox, addresses, volumes, images } = this;
    return { sandbox, addresses, volumes, images, containers };
  }
}
