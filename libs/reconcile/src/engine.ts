import { setMaxListeners } from 'node:events';
import { isStatus } from '@gantry/api';
import { systemClock, type Clock, type Closeable } from '@gantry/base';
import { keyText, parseKeyText, type InformerSet } from '@gantry/client';
import { Metrics, silentLogger, type Logger } from '@gantry/observability';
import { ReconcileMetrics } from './reconcile-metrics';
import type { LeaderElector, Term } from './leader-elector';
import type { Reconciler, ReconcileContext, Result } from './reconciler';
import { WorkQueue } from './work-queue';
import { WorkQueueMetrics } from './work-queue-metrics';

export interface EngineOptions {
  informers: InformerSet;
  /** Without one, the engine works right away. */
  elector?: LeaderElector;
  clock?: Clock;
  log?: Logger;
  metrics?: Metrics;
}

interface Entry {
  reconciler: Reconciler;
  queue: WorkQueue;
  log: Logger;
}

const CONCURRENCY = 4;

/**
 * Runs reconcilers: turns changes into keys, and works on the keys while it leads.
 *
 * Queues fill whether it leads or not, so a new leader begins with every key that changed while another one led.
 */
export class Engine implements Closeable {
  private readonly clock: Clock;
  private readonly log: Logger;
  private readonly metrics: ReconcileMetrics;
  private readonly queueMetrics: WorkQueueMetrics;
  private readonly entries: Entry[] = [];
  private readonly attached: Closeable[] = [];
  private readonly stop = new AbortController();
  private running?: Promise<void>;

  constructor(private readonly options: EngineOptions) {
    this.clock = options.clock ?? systemClock;
    this.log = (options.log ?? silentLogger).child({ scope: 'reconcile' });
    const metrics = options.metrics ?? new Metrics();
    this.metrics = new ReconcileMetrics(metrics);
    this.queueMetrics = new WorkQueueMetrics(metrics);
  }

  add(reconciler: Reconciler): this {
    const queue = new WorkQueue({ name: reconciler.name, clock: this.clock, metrics: this.queueMetrics });
    this.entries.push({ reconciler, queue, log: this.log.child({ scope: `reconcile.${reconciler.name}` }) });
    for (const watch of reconciler.watches) {
      this.attached.push(
        watch.attach(this.options.informers, (key) => {
          queue.add(keyText(key));
        }),
      );
    }
    return this;
  }

  /** Starts the informers too. */
  start(): this {
    this.options.informers.start();
    this.running ??= this.run();
    return this;
  }

  /** Resolves when the last reconcile call has returned and the lease, if any, is given back. The informers stay. */
  async close(): Promise<void> {
    this.stop.abort();
    for (const attached of this.attached) void attached.close();
    await this.options.elector?.close();
    await this.running;
    for (const { queue } of this.entries) queue.close();
  }

  private async run(): Promise<void> {
    const { elector } = this.options;
    if (elector) await elector.run((term, signal) => this.work(signal, term));
    else await this.work(this.stop.signal);
  }

  /** Works until the signal aborts; nothing is done before the caches have seen everything once. */
  private async work(signal: AbortSignal, term?: Term): Promise<void> {
    // Every worker waits for this one signal: their number is known and no leak.
    setMaxListeners(0, signal);
    await Promise.race([this.options.informers.synced(), aborted(signal)]);
    this.log.info({ term: term?.number, reconcilers: this.entries.length }, 'reconciling');
    const workers = this.entries.flatMap((entry) =>
      Array.from({ length: entry.reconciler.concurrency ?? CONCURRENCY }, () => this.worker(entry, signal, term)),
    );
    await Promise.all(workers);
  }

  private async worker({ reconciler, queue, log }: Entry, signal: AbortSignal, term?: Term): Promise<void> {
    for (let key = await queue.take(signal); key !== undefined; key = await queue.take(signal)) {
      const context = { signal, term, log: log.child({ key }) };
      await this.reconcile(reconciler, queue, key, context);
      queue.done(key);
    }
  }

  private async reconcile(
    reconciler: Reconciler,
    queue: WorkQueue,
    key: string,
    context: ReconcileContext,
  ): Promise<void> {
    const began = this.clock.monotonic();
    this.metrics.begun(reconciler.name);
    try {
      const result = (await reconciler.reconcile(parseKeyText(key), context)) as Result | undefined;
      queue.forget(key);
      if (result?.requeueAfter !== undefined) queue.addAfter(key, result.requeueAfter);
      this.metrics.ended(
        reconciler.name,
        result?.requeueAfter === undefined ? 'success' : 'requeue_after',
        this.clock.monotonic() - began,
      );
    } catch (error) {
      queue.addBackedOff(key);
      this.metrics.ended(reconciler.name, 'error', this.clock.monotonic() - began);
      this.report(context, error, queue.failures(key));
    }
  }

  private report({ log, signal }: ReconcileContext, error: unknown, failures: number): void {
    // A cache that was behind, a namespace on its way out, or work cut short by the end of a term: ordinary.
    const ending = isStatus(error) && error.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating');
    const ordinary = isStatus(error, 'Conflict', 'AlreadyExists') || ending || signal.aborted;
    if (ordinary && failures < 5) log.debug({ err: error, failures }, 'will try again');
    else log.error({ err: error, failures }, 'reconciling failed; will try again');
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}
