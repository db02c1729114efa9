import { readFile, rename, writeFile } from 'node:fs/promises';
import { errorCode, writeFileDurably } from '@gantry/base';
import type { ProcessIdentity } from '../kernel/processes';
import type { Container } from '../runtime';

/**
 * What is kept of a container in its state.json.
 *
 * ```
 *            create                 start                its process ends
 *  (nothing) ───────► created ───────────────► running ───────────────────► exited
 *                        │                        ▲                            │
 *                        └── killed ──► exited    └────────── start ───────────┘
 * ```
 */
export interface ContainerRecord extends Omit<Container, 'pid'> {
  /** Its first process; absent until it was made and after it was seen to end. */
  process?: ProcessIdentity;
  /** The conmon beside it. */
  monitor?: ProcessIdentity;
  /** Absolute within the cgroup hierarchies. */
  cgroup: string;
  /** Snapshot keys, uppermost first. */
  layers: string[];
}

export const toContainer = ({ process, monitor, cgroup, layers, ...container }: ContainerRecord): Container => ({
  ...container,
  ...(process && { pid: process.pid }),
});

/** Undefined when there is none, or it is not whole (the power went while it was first written). */
export async function readRecord(path: string): Promise<ContainerRecord | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ContainerRecord;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** For facts that must be there after the power was lost: that the container exists, how it ended. */
export const writeRecordDurably = (path: string, record: ContainerRecord): Promise<void> =>
  writeFileDurably(path, JSON.stringify(record));

/** For facts that end with the power anyway (which process it is): safe against the death of this process, and not waiting for a disk. */
export async function writeRecord(path: string, record: ContainerRecord): Promise<void> {
  const aside = `${path}.next`;
  await writeFile(aside, JSON.stringify(record), { mode: 0o600 });
  await rename(aside, path);
}
