import { isDeepStrictEqual } from 'node:util';
import { isStatus, Node, type ContainerImage, type NodeSystemInfo } from '@gantry/api';
import { backoffDelay, type Clock, type Closeable } from '@gantry/base';
import type { ResourceClient } from '@gantry/client';
import type { Logger } from '@gantry/observability';
import { architecture, type NodeUsage } from './node-facts';
import { nodeStatus } from './node-status';

export interface NodeReporterOptions {
  nodeName: string;
  hostAddress: string;
  cpu: string;
  memory: string;
  maxPods: number;
  nodes: ResourceClient<Node>;
  clock: Clock;
  log: Logger;
  info: NodeSystemInfo;
  images(): Promise<ContainerImage[]>;
  usage(): Promise<NodeUsage>;
  notReady(): string | undefined;
}

/** How often it is looked whether something changed, in milliseconds. */
const LOOK_MS = 10_000;
/** An unchanged status is written this often. */
const REPEAT_MS = 300_000;
const RETRY = { initial: 200, max: 10_000, jitter: 0.5 };

/**
 * Registers the node and keeps its status current. What others decide about a node (taints, cordoning, its pod range,
 * their labels) is never touched.
 */
export class NodeReporter implements Closeable {
  private written?: object;
  private writtenAt = 0;
  private failures = 0;
  private timer?: Closeable;
  private working = false;
  private again = false;
  private closed = false;

  constructor(private readonly options: NodeReporterOptions) {}

  /** Looks now, because something is likely to have changed. */
  look(): void {
    this.again = true;
    if (!this.working && !this.closed) void this.work();
  }

  close(): void {
    this.closed = true;
    void this.timer?.close();
  }

  private async work(): Promise<void> {
    this.working = true;
    void this.timer?.close();
    while (this.again && !this.closed) {
      this.again = false;
      try {
        await this.report();
        this.failures = 0;
      } catch (error) {
        this.failures++;
        this.options.log.warn({ err: error }, 'could not report the status of this node');
      }
    }
    this.working = false;
    if (this.closed) return;
    const wait = this.failures > 0 ? backoffDelay(RETRY, this.failures) : LOOK_MS;
    this.timer = this.options.clock.after(wait, () => {
      this.look();
    });
  }

  private async report(): Promise<void> {
    const { nodes, nodeName: name, clock } = this.options;
    const [images, usage] = await Promise.all([this.options.images(), this.options.usage()]);
    const node = (await nodes.find({ name })) ?? (await this.register());
    const now = clock.now();
    const notReady = this.options.notReady();
    const known: Partial<Node>['status'] = node.status;
    const before = known?.conditions ?? [];
    const status = nodeStatus({ ...this.options, images, usage, notReady, before, now });
    const essence = essential(status);
    const current = isDeepStrictEqual(essence, this.written) && isDeepStrictEqual(essence, essential(known ?? {}));
    if (current && clock.monotonic() - this.writtenAt < REPEAT_MS) return;
    await this.ensureLabels(node);
    await nodes.patch({ name }, 'strategic', { status }, { subresource: 'status' });
    this.written = essence;
    this.writtenAt = clock.monotonic();
  }

  private async register(): Promise<Node> {
    const { nodes, nodeName: name } = this.options;
    try {
      return await nodes.create({ metadata: { name, labels: ownLabels(name) } });
    } catch (error) {
      if (!isStatus(error, 'AlreadyExists')) throw error;
      return nodes.get({ name });
    }
  }

  private async ensureLabels({ metadata }: Node): Promise<void> {
    const labels = ownLabels(metadata.name);
    if (Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value)) return;
    await this.options.nodes.patch({ name: metadata.name }, 'merge', { metadata: { labels } });
  }
}

const ownLabels = (name: string): Record<string, string> => ({
  'kubernetes.io/hostname': name,
  'kubernetes.io/os': 'linux',
  'kubernetes.io/arch': architecture(),
});

/** What makes a write worthwhile: everything but the times. */
function essential({ capacity, addresses, conditions = [], nodeInfo, images }: Node['status']): object {
  const verdicts = conditions
    .filter(({ reason }) => reason?.startsWith('Kubelet'))
    .map(({ type, status, message }) => ({ type, status, message }));
  return { capacity, addresses, verdicts, nodeInfo, images };
}
