import { closeSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { errorCode } from '@gantry/base';
import { invalid } from '../errors';
import { openProcess, signalProcessFd } from './libc';

/** A process, told apart from a later one with the same number by its start time. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks since the machine's boot (field 22 of /proc/PID/stat). */
  startTime: string;
}

/** Undefined when there is no such process, or it is a zombie that only waits to be reaped. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return undefined;
    throw error;
  }
  // The command may hold spaces and parentheses: the fields count from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  return state === 'Z' || state === 'X' ? undefined : { pid, startTime: fields[19]! };
}

export const isAlive = (process: ProcessIdentity): boolean =>
  identifyProcess(process.pid)?.startTime === process.startTime;

/**
 * Sends a signal to exactly this process; false when it has ended. Numbers that kill(2) takes for groups or for
 * everyone (0 and below) and init are refused, whatever a runtime or a damaged file says.
 */
export function signalProcess(process: ProcessIdentity, signal: number): boolean {
  if (!Number.isInteger(process.pid) || process.pid <= 1) throw invalid(`refusing to signal pid ${process.pid}`);
  let fd: number;
  try {
    fd = openProcess(process.pid);
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
    throw error;
  }
  try {
    if (!isAlive(process)) return false;
    signalProcessFd(fd, signal);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
    throw error;
  } finally {
    closeSync(fd);
  }
}

const REAL_TIME_MIN = 34;
const REAL_TIME_MAX = 64;

/** The number of `TERM`, `SIGTERM`, `15`, `SIGRTMIN+3`, `RTMAX-1`. Throws {@link RuntimeError} for anything else. */
export function signalNumber(name: string): number {
  const upper = name.toUpperCase().replace(/^SIG/, '');
  const realTime = /^RT(MIN|MAX)(?:([+-])(\d{1,2}))?$/.exec(upper);
  const offset = realTime ? Number(realTime[3] ?? 0) * (realTime[2] === '-' ? -1 : 1) : 0;
  const number = realTime
    ? (realTime[1] === 'MIN' ? REAL_TIME_MIN : REAL_TIME_MAX) + offset
    : /^\d+$/.test(upper)
      ? Number(upper)
      : constants.signals[`SIG${upper}` as NodeJS.Signals];
  if (!number || number < 1 || number > REAL_TIME_MAX) throw invalid(`unknown signal ${JSON.stringify(name)}`);
  return number;
}
