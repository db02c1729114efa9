import type { Engine } from '../engine';
import { readLogs } from '../logs/read-logs';
import type {
  Container,
  Containers,
  ContainerSpec,
  ContainerStats,
  ExecOptions,
  LogLine,
  LogOptions,
  Resources,
  Session,
} from '../runtime';
import { attachContainer } from './attach';
import { createContainer } from './create';
import { execInContainer } from './exec';
import { toContainer } from './record';
import { removeContainer } from './remove';
import { containerStats, updateContainer } from './resources';
import { startContainer } from './start';
import { killContainer, stopContainer } from './stop';

/** The containers of this node, as the engine's users see them: one operation, one file. */
export class NodeContainers implements Containers {
  constructor(private readonly engine: Engine) {}

  create(spec: ContainerSpec): Promise<Container> {
    return createContainer(this.engine, spec);
  }

  start(id: string): Promise<Container> {
    return startContainer(this.engine, id);
  }

  stop(id: string, timeoutSeconds: number): Promise<Container> {
    return stopContainer(this.engine, id, timeoutSeconds);
  }

  kill(id: string, signal: string): Promise<void> {
    return killContainer(this.engine, id, signal);
  }

  remove(id: string): Promise<void> {
    return removeContainer(this.engine, id);
  }

  get(id: string): Promise<Container | undefined> {
    const record = this.engine.table.get(id);
    return Promise.resolve(record && toContainer(record));
  }

  list(): Promise<Container[]> {
    return Promise.resolve(this.engine.table.list().map(toContainer));
  }

  async wait(id: string, signal?: AbortSignal): Promise<Container> {
    const before = this.engine.table.require(id);
    await this.engine.table.ended(id, signal);
    return toContainer(this.engine.table.get(id) ?? { ...before, phase: 'exited' });
  }

  exec(id: string, options: ExecOptions): Promise<Session> {
    return execInContainer(this.engine, id, options);
  }

  attach(id: string, options: { stdin: boolean }): Promise<Session> {
    return attachContainer(this.engine, id, options);
  }

  logs(id: string, options: LogOptions): AsyncIterable<LogLine> {
    const { table, clock } = this.engine;
    const { logPath } = table.require(id);
    return readLogs({ path: logPath, clock, ended: (signal) => table.ended(id, signal) }, options);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- an unknown container is a rejection, not a throw
  async stats(id: string): Promise<ContainerStats> {
    return containerStats(this.engine, id);
  }

  update(id: string, resources: Resources): Promise<void> {
    return updateContainer(this.engine, id, resources);
  }
}
