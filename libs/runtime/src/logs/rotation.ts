import { rename, rm, stat } from 'node:fs/promises';
import { errorCode, errorMessage, type Clock, type Closeable } from '@gantry/base';
import { reopenLog } from '../conmon/attach';
import type { Logger } from '../logger';

/** Milliseconds between two looks at the sizes of logs. */
const INTERVAL = 10_000;

const DEFAULT_FILES = 5;

/** Where the log of so many rotations ago is. */
export const rotatedPath = (path: string, generation: number): string => `${path}.${generation}`;

export interface RotatedLog {
  path: string;
  maxBytes?: number;
  /** The current one included; 5 unless given. */
  maxFiles?: number;
  /** conmon's control pipe. */
  control: string;
}

/** Keeps the logs of running containers within their limits. */
export class LogRotation implements Closeable {
  private timer?: Closeable;
  private closed = false;

  constructor(
    private readonly logs: () => RotatedLog[],
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  open(): void {
    this.timer = this.clock.after(INTERVAL, () => {
      void this.round().finally(() => {
        if (!this.closed) this.open();
      });
    });
  }

  close(): void {
    this.closed = true;
    void this.timer?.close();
  }

  private async round(): Promise<void> {
    for (const log of this.logs()) {
      await rotateWhenFull(log).catch((error: unknown) => {
        this.logger.warn({ log: log.path, error: errorMessage(error) }, 'could not rotate a log');
      });
    }
  }
}

/** Renames a full log away and has conmon begin a new one; until it does it writes on into the renamed one, so no line is lost. */
export async function rotateWhenFull({ path, maxBytes, maxFiles = DEFAULT_FILES, control }: RotatedLog): Promise<void> {
  if (maxBytes === undefined) return;
  const size = await stat(path).then((stats) => stats.size, missing);
  if (size === undefined || size < maxBytes) return;
  await rm(rotatedPath(path, Math.max(1, maxFiles - 1)), { force: true });
  for (let generation = maxFiles - 2; generation >= 1; generation--) {
    await rename(rotatedPath(path, generation), rotatedPath(path, generation + 1)).catch(missing);
  }
  await rename(path, rotatedPath(path, 1));
  await reopenLog(control);
}

function missing(error: unknown): undefined {
  if (errorCode(error) === 'ENOENT') return undefined;
  throw error;
}
