import { readdir } from 'node:fs/promises';
import { isStatus, Pod } from '@gantry/api';
import type { Closeable } from '@gantry/base';
import type { Informer, TypedClient } from '@gantry/client';
import type { Container as RuntimeContainer, RuntimeEvent, Sandbox } from '@gantry/runtime';
import { label } from './identity';
import type { PodServices } from './pod-services';
import { PodWorker } from './pod-worker';

/** What the runtime holds of a pod that nobody looks after yet. */
interface Leftover {
  sandboxes: Sandbox[];
  containers: Map<string, RuntimeContainer>;
}

export interface PodFleetOptions {
  services: Omit<PodServices, 'release'>;
  /** The pods bound to this node. */
  pods: Informer<Pod>;
  client: TypedClient;
}

/**
 * One worker for each pod that the API binds to this node, or that is left here of one it no longer does.
 *
 * Containers that run when the agent starts run on untouched until the API has said, in a first consistent list, what
 * should be here: only then is anything started or taken away.
 */
export class PodFleet implements Closeable {
  private readonly workers = new Map<string, PodWorker>();
  private readonly leftovers = new Map<string, Leftover>();
  /** Pods that ended here and that the API may still show for a moment. */
  private readonly released = new Set<string>();
  private readonly services: PodServices;
  private readonly subscriptions: Closeable[] = [];

  constructor(private readonly options: PodFleetOptions) {
    this.services = { ...options.services, release: (pod) => this.release(pod) };
  }

  /** Adopts what runs, waits for the API's list, and follows it. */
  async start(): Promise<void> {
    const { runtime, paths } = this.services;
    this.subscriptions.push(
      runtime.subscribe((event) => {
        this.onRuntimeEvent(event);
      }),
    );
    const [sandboxes, containers, onDisk] = await Promise.all([
      runtime.sandboxes.list(),
      runtime.containers.list(),
      readdir(paths.pods).catch(() => []),
    ]);
    for (const sandbox of sandboxes) this.leftover(sandbox.labels)?.sandboxes.push(sandbox);
    for (const container of containers) this.leftover(container.labels)?.containers.set(container.id, container);
    await this.options.pods.synced();
    this.subscriptions.push(
      this.options.pods.onChange(({ old, new: pod }) => {
        if (pod) this.update(pod, onDisk);
        else if (old) this.onGone(old);
      }),
    );
    this.endOrphans(onDisk);
    const live = [...this.workers.values()].flatMap(({ record }) => record.sandbox?.id ?? []);
    await this.services.network.retain(new Set(live));
    await this.removeFiles(onDisk);
  }

  worker(uid: string): PodWorker | undefined {
    return this.workers.get(uid);
  }

  find(namespace: string, name: string): PodWorker | undefined {
    return this.list().find(
      ({ record: { pod } }) => pod.metadata.name === name && pod.metadata.namespace === namespace,
    );
  }

  list(): PodWorker[] {
    return [...this.workers.values()];
  }

  close(): void {
    for (const subscription of this.subscriptions) void subscription.close();
    for (const worker of this.workers.values()) worker.close();
    this.workers.clear();
  }

  private update(pod: Pod, onDisk: readonly string[]): void {
    const { uid } = pod.metadata;
    if (this.released.has(uid)) return;
    const known = this.workers.get(uid);
    if (known) {
      known.update(pod);
      return;
    }
    const worker = this.add(pod, onDisk.includes(uid));
    worker.look();
  }

  private add(pod: Pod, hasFiles: boolean): PodWorker {
    const { uid } = pod.metadata;
    const worker = new PodWorker(this.services, pod);
    const left = this.leftovers.get(uid);
    worker.adopt(left?.sandboxes ?? [], [...(left?.containers.values() ?? [])], hasFiles);
    this.leftovers.delete(uid);
    this.workers.set(uid, worker);
    return worker;
  }

  private onGone(pod: Pod): void {
    this.released.delete(pod.metadata.uid);
    this.workers.get(pod.metadata.uid)?.remove();
  }

  /** What runs here of pods that the API does not have on this node. */
  private endOrphans(onDisk: readonly string[]): void {
    for (const [uid, left] of [...this.leftovers]) {
      const labels = left.sandboxes[0]?.labels ?? [...left.containers.values()][0]?.labels ?? {};
      this.services.log.info({ uid, pod: labels[label.podName] }, 'ending what is left of a pod');
      this.add(orphan(uid, labels), onDisk.includes(uid)).remove();
    }
  }

  /** Volumes of pods of which nothing else is left. */
  private async removeFiles(onDisk: readonly string[]): Promise<void> {
    for (const uid of onDisk) {
      if (this.workers.has(uid)) continue;
      await this.services.volumes.unmount(uid).catch((error: unknown) => {
        this.services.log.error({ err: error, uid }, 'could not remove what a pod left on disk');
      });
    }
  }

  private onRuntimeEvent(event: RuntimeEvent): void {
    const uid = event.container.labels[label.podUid];
    if (uid === undefined) return;
    const worker = this.workers.get(uid);
    if (worker) worker.onRuntimeEvent(event);
    else if (event.type === 'removed') this.leftovers.get(uid)?.containers.delete(event.container.id);
    else this.leftovers.get(uid)?.containers.set(event.container.id, event.container);
  }

  private leftover(labels: Record<string, string> | undefined): Leftover | undefined {
    const uid = labels?.[label.podUid];
    if (uid === undefined) return undefined;
    let left = this.leftovers.get(uid);
    if (!left) this.leftovers.set(uid, (left = { sandboxes: [], containers: new Map() }));
    return left;
  }

  /** Lets a deleted pod go from the API, once it knows how its containers ended. */
  private async release(pod: Pod): Promise<void> {
    const { uid, name, namespace } = pod.metadata;
    if (this.options.pods.cache.get({ namespace, name })?.metadata.uid === uid) {
      await this.services.reporter.settle(uid);
      try {
        const options = { gracePeriodSeconds: 0, preconditions: { uid } };
        await this.options.client.resource(Pod).delete({ namespace, name }, options);
      } catch (error) {
        // Gone already, or another pod has the name by now.
        if (!isStatus(error, 'NotFound', 'Conflict')) throw error;
      }
      this.released.add(uid);
    }
    this.services.reporter.forget(uid);
    this.workers.get(uid)?.close();
    this.workers.delete(uid);
  }
}

/** As much of a pod as its labels tell: enough to take it down. */
function orphan(uid: string, labels: Record<string, string>): Pod {
  const metadata = { uid, name: labels[label.podName] ?? uid, namespace: labels[label.podNamespace] ?? 'default' };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] } } as unknown as Pod;
}
