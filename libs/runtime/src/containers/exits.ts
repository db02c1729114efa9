import { watch, type FSWatcher } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { errorCode, errorMessage, type Closeable } from '@gantry/base';
import type { Engine } from '../engine';
import { isAlive, type ProcessIdentity } from '../kernel/processes';
import type { ContainerRecord } from './record';

/** Milliseconds between two looks at the processes themselves, for what the file system does not tell. */
const SWEEP_INTERVAL = 1000;

/** SIGKILL as the shells and conmon report it. */
const KILLED = 137;

/**
 * Notices how containers end. conmon writes each exit code into a file of its own in one folder, which is watched;
 * a slow sweep finds what that misses: lost notifications, and containers whose conmon was killed.
 */
export class ExitWatch implements Closeable {
  private watcher?: FSWatcher;
  private timer?: Closeable;
  private closed = false;

  constructor(private readonly engine: Engine) {}

  open(): void {
    this.watcher = watch(this.engine.paths.exits, (_event, name) => {
      if (name !== null) void this.look(name);
    });
    this.watcher.on('error', (error) => {
      this.engine.logger.warn({ error: errorMessage(error) }, 'watching exits failed');
    });
    this.scheduleSweep();
  }

  close(): void {
    this.closed = true;
    this.watcher?.close();
    void this.timer?.close();
  }

  private scheduleSweep(): void {
    this.timer = this.engine.clock.after(SWEEP_INTERVAL, () => {
      void this.sweep().finally(() => {
        if (!this.closed) this.scheduleSweep();
      });
    });
  }

  private async sweep(): Promise<void> {
    const candidates = this.engine.table.list().filter(({ phase, process }) => phase !== 'exited' && process);
    const ended = candidates.filter(({ process }) => !isAlive(process!));
    await Promise.all(ended.map(({ id }) => this.look(id)));
  }

  /** Takes in the end of a container, if it has ended. */
  async look(id: string): Promise<void> {
    try {
      if (this.engine.table.get(id)) await settleExit(this.engine, id);
    } catch (error) {
      this.engine.logger.error(
        { container: id, error: errorMessage(error) },
        'could not take in the end of a container',
      );
    }
  }
}

/** Writes down that the container has ended, once its exit file or, without a monitor, the end of its process says so. */
export function settleExit(engine: Engine, id: string): Promise<void> {
  return engine.table.lock.run(id, async () => {
    const record = engine.table.get(id);
    if (!record || record.phase === 'exited') return;
    const exit = await readExit(engine.paths.container(id).exit);
    const abandoned = !isRunning(record.process) && !isRunning(record.monitor);
    if (exit || abandoned) await recordExit(engine, record, exit);
  });
}

const isRunning = (process: ProcessIdentity | undefined): boolean => process !== undefined && isAlive(process);

async function recordExit(engine: Engine, record: ContainerRecord, exit: Exit | undefined): Promise<void> {
  const { process, monitor, ...rest } = record;
  const oomKilled = exit?.code === KILLED && (await exists(engine.paths.container(record.id).oom));
  const ended: ContainerRecord = {
    ...rest,
    phase: 'exited',
    finishedAt: new Date(exit?.at ?? engine.clock.now()).toISOString(),
    ...(exit && { exitCode: exit.code }),
    ...(oomKilled && { oomKilled }),
  };
  if (oomKilled) engine.table.announce('oom', ended);
  await engine.table.put(ended, { durably: true, event: 'exited' });
}

interface Exit {
  code: number;
  /** Milliseconds since the epoch. */
  at: number;
}

async function readExit(path: string): Promise<Exit | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return /^\d+\s*$/.test(text) ? { code: Number(text), at: mtimeMs } : undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
