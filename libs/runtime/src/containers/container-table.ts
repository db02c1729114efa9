import { rm } from 'node:fs/promises';
import { notFound } from '../errors';
import type { EventStream } from '../events';
import { KeyedLock } from '../keyed-lock';
import type { Paths } from '../paths';
import type { Container, RuntimeEvent } from '../runtime';
import { toContainer, writeRecord, writeRecordDurably, type ContainerRecord } from './record';

/** The containers this engine has, in memory as on disk: what is announced was written before. */
export class ContainerTable {
  private readonly records = new Map<string, ContainerRecord>();
  private readonly waiters = new Map<string, Set<() => void>>();
  /** Every change of one container's record happens under it, one after another. */
  readonly lock = new KeyedLock();

  constructor(
    private readonly paths: Paths,
    private readonly events: EventStream,
  ) {}

  get(id: string): ContainerRecord | undefined {
    return this.records.get(id);
  }

  /** Throws NotFound. */
  require(id: string): ContainerRecord {
    const record = this.records.get(id);
    if (!record) throw notFound('container', id);
    return record;
  }

  list(): ContainerRecord[] {
    return [...this.records.values()];
  }

  /** Takes in a record that is on disk already. */
  adopt(record: ContainerRecord): void {
    this.records.set(record.id, record);
  }

  async put(record: ContainerRecord, options: { durably: boolean; event: RuntimeEvent['type'] }): Promise<Container> {
    const { state } = this.paths.container(record.id);
    await (options.durably ? writeRecordDurably(state, record) : writeRecord(state, record));
    this.records.set(record.id, record);
    if (record.phase === 'exited') this.wake(record.id);
    return this.announce(options.event, record);
  }

  /** Writes down a change that is no event. */
  async keep(record: ContainerRecord): Promise<void> {
    await writeRecordDurably(this.paths.container(record.id).state, record);
    this.records.set(record.id, record);
  }

  /** From here on a crash leaves a half-made container, which the next start clears away. */
  async forget(id: string): Promise<void> {
    const record = this.records.get(id);
    await rm(this.paths.container(id).state, { force: true });
    this.records.delete(id);
    this.wake(id);
    if (record) this.announce('removed', record);
  }

  announce(type: RuntimeEvent['type'], record: ContainerRecord): Container {
    const container = toContainer(record);
    this.events.publish({ type, container });
    return container;
  }

  /** Resolves when the container has ended or is gone. */
  async ended(id: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const record = this.records.get(id);
    if (!record || record.phase === 'exited') return;
    const waiters = this.waiters.get(id) ?? new Set();
    this.waiters.set(id, waiters);
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        waiters.delete(onEnd);
        reject(signal!.reason as Error);
      };
      const onEnd = () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      waiters.add(onEnd);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  private wake(id: string): void {
    const waiters = this.waiters.get(id);
    this.waiters.delete(id);
    waiters?.forEach((wake) => {
      wake();
    });
  }
}
