import { isStatus, Node, Pod } from '@gantry/api';
import { errorMessage, type Clock, type Closeable } from '@gantry/base';
import {
  keyText,
  parseKeyText,
  type CacheChange,
  type EventRecorder,
  type InformerSet,
  type TypedClient,
} from '@gantry/client';
import type { Logger } from '@gantry/observability';
import { NodeTable } from './node-table';
import { Placer, type Placement } from './placer';
import { SchedulingQueue, type QueuedPod } from './queue';
import type { SchedulerMetrics } from './scheduler-metrics';

export interface SchedulerParts {
  client: TypedClient;
  informers: InformerSet;
  events: EventRecorder;
  clock: Clock;
  log: Logger;
  metrics: SchedulerMetrics;
}

export const SCHEDULER_NAME = 'default-scheduler';
/** Bindings under way at the same time. */
const BINDINGS = 64;
/** After so many milliseconds of deciding, others get a turn on the event loop. */
const SLICE_MS = 5;

/**
 * Gives each pod a node. Deciding is quick and done one pod at a time on the table of nodes; the pod is then assumed to
 * be there, and bound while the next ones are decided. A binding that fails takes the assumption back.
 */
export class Scheduler implements Closeable {
  private readonly table = new NodeTable();
  private readonly placer = new Placer(this.table);
  private readonly queue: SchedulingQueue;
  private readonly watches: Closeable[];
  private readonly binding = new Set<Promise<void>>();

  constructor(private readonly parts: SchedulerParts) {
    this.queue = new SchedulingQueue(parts.clock);
    const { informers } = parts;
    this.watches = [
      informers.of(Node).onChange((change) => {
        this.nodeChanged(change);
      }),
      informers.of(Pod).onChange((change) => {
        this.podChanged(change);
      }),
    ];
  }

  /** Schedules until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener(
      'abort',
      () => {
        this.queue.close();
      },
      { once: true },
    );
    await this.parts.informers.synced();
    while (!signal.aborted) {
      await this.queue.ready();
      await this.drain(signal);
      this.parts.metrics.watch(this.queue);
    }
    await Promise.all(this.binding);
  }

  close(): void {
    for (const watch of this.watches) void watch.close();
    this.queue.close();
  }

  private async drain(signal: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    let began = clock.monotonic();
    for (let next = this.queue.take(); next && !signal.aborted; next = this.queue.take()) {
      this.schedule(next);
      if (this.binding.size >= BINDINGS) await Promise.race(this.binding);
      if (clock.monotonic() - began < SLICE_MS) continue;
      await new Promise<void>((resolve) => setImmediate(resolve));
      began = clock.monotonic();
    }
  }

  private schedule(queued: QueuedPod): void {
    const { informers, clock, metrics } = this.parts;
    const began = clock.monotonic();
    const pod = informers.of(Pod).cache.get(parseKeyText(queued.key));
    if (!pod || pod.metadata.uid !== queued.uid || !wantsNode(pod)) {
      this.queue.remove(queued.key);
      return;
    }
    const placement = this.placer.place(pod);
    if (placement.node === undefined) {
      metrics.attempted('unschedulable', clock.monotonic() - began);
      this.queue.park(queued);
      this.track(this.reportUnschedulable(pod, placement.why));
      return;
    }
    this.table.place(pod.metadata.uid, placement.podClass, placement.node);
    this.track(this.bind(pod, queued, placement, began));
  }

  private async bind(
    pod: Pod,
    queued: QueuedPod,
    { node }: Extract<Placement, { node: string }>,
    began: number,
  ): Promise<void> {
    const { client, events, clock, metrics, log } = this.parts;
    const { name, namespace, uid } = pod.metadata;
    const body = { metadata: { name, namespace, uid }, target: { apiVersion: 'v1', kind: 'Node', name: node } };
    try {
      await client.resource(Pod).createSubresource(pod.metadata, 'binding', body);
      metrics.attempted('scheduled', clock.monotonic() - began);
      this.queue.remove(queued.key);
      events.normal(pod, 'Scheduled', `Successfully assigned ${keyText(pod.metadata)} to ${node}`);
    } catch (error) {
      this.table.remove(uid);
      metrics.attempted('error', clock.monotonic() - began);
      if (isStatus(error, 'NotFound', 'Conflict')) {
        // Deleted or bound by another meanwhile: the informer brings what is true now.
        this.queue.remove(queued.key);
        this.noticePod(this.parts.informers.of(Pod).cache.get(pod.metadata));
        return;
      }
      log.warn({ err: error, pod: queued.key, node }, 'binding failed; will try again');
      events.warning(pod, 'FailedScheduling', `Binding to ${node} failed: ${errorMessage(error)}`);
      this.queue.retry(queued);
    }
  }

  private async reportUnschedulable(pod: Pod, why: string): Promise<void> {
    const { client, events, clock, log } = this.parts;
    const known = pod.status.conditions?.find(({ type }) => type === 'PodScheduled');
    if (known?.status === 'False' && known.message === why) return;
    events.warning(pod, 'FailedScheduling', why);
    const now = new Date(clock.now()).toISOString().replace(/\.\d+/, '');
    const lastTransitionTime = known?.status === 'False' ? known.lastTransitionTime : now;
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: why,
      lastTransitionTime,
    };
    const body = { metadata: { uid: pod.metadata.uid }, status: { conditions: [condition] } };
    try {
      // Strategic: only this condition is ours, others are merged by their type.
      await client.resource(Pod).patch(pod.metadata, 'strategic', body, { subresource: 'status' });
    } catch (error) {
      if (!isStatus(error, 'NotFound', 'Conflict'))
        log.warn({ err: error, pod: pod.metadata.name }, 'the reason could not be written');
    }
  }

  private track(work: Promise<void>): void {
    this.binding.add(work);
    void work.finally(() => this.binding.delete(work));
  }

  private nodeChanged({ old, new: node }: CacheChange<Node>): void {
    if (node) this.table.setNode(node);
    else this.table.removeNode(old!.metadata.name);
    this.queue.wake();
  }

  private podChanged({ old, new: pod }: CacheChange<Pod>): void {
    const before = old && countsOnNode(old);
    if (!pod) {
      this.queue.remove(keyText(old!.metadata));
      this.table.remove(old!.metadata.uid);
    } else this.noticePod(pod);
    if (before && !(pod && countsOnNode(pod))) this.queue.wake();
  }

  private noticePod(pod: Pod | undefined): void {
    if (!pod) return;
    const { uid } = pod.metadata;
    if (countsOnNode(pod)) {
      this.queue.remove(keyText(pod.metadata));
      this.table.place(uid, this.placer.classOf(pod), pod.spec.nodeName!);
    } else if (pod.spec.nodeName || !wantsNode(pod)) {
      this.queue.remove(keyText(pod.metadata));
      this.table.remove(uid);
    } else this.queue.add(keyText(pod.metadata), uid, pod.spec.priority ?? 0);
  }
}

/** Holds room on its node: bound and not ended. */
function countsOnNode({ spec, status }: Pod): boolean {
  return Boolean(spec.nodeName) && status.phase !== 'Succeeded' && status.phase !== 'Failed';
}

function wantsNode({ spec, metadata }: Pod): boolean {
  const ours = (spec.schedulerName ?? SCHEDULER_NAME) === SCHEDULER_NAME;
  return ours && !spec.nodeName && !metadata.deletionTimestamp && !spec.schedulingGates?.length;
}
