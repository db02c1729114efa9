import { readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A process told apart from a later one with the same number by its start time (clock ticks since boot). */
export interface ProcessId {
  pid: number;
  startTime: string;
}

/** The identity of a running process; undefined when there is none (zombies do not count). See proc(5), /proc/pid/stat. */
export function identify(pid: number): ProcessId | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : { pid, startTime: fields[19]! };
  } catch {
    return undefined;
  }
}

export function isAlive(process: ProcessId): boolean {
  return identify(process.pid)?.startTime === process.startTime;
}

/** Sends a signal if that very process still runs; to its whole process group, if it leads one, with `group`. */
export function signal(target: ProcessId, name: NodeJS.Signals, options: { group?: boolean } = {}): void {
  if (!isAlive(target)) return;
  try {
    process.kill(options.group ? -target.pid : target.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export async function writePidFile(path: string, process: ProcessId): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${process.pid} ${process.startTime}\n`);
}

/** The process a pid file names, if it still runs. */
export async function readPidFile(path: string): Promise<ProcessId | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
  const [pid, startTime] = text.trim().split(' ');
  const process = { pid: Number(pid), startTime: startTime ?? '' };
  return process.pid > 1 && isAlive(process) ? process : undefined;
}

export async function removePidFile(path: string): Promise<void> {
  await rm(path, { force: true });
}
