import { closeSync, openSync, readSync } from 'node:fs';
import { errorCode } from '@gantry/base';
import type { Container as RuntimeContainer, Containers } from '@gantry/runtime';
import { label } from './identity';

const MAX_FILE_BYTES = 4096;
const MAX_LOG_BYTES = 2048;
const MAX_LOG_LINES = 80;

/**
 * The start of an ended container's message file. Read at once, so that no status shows the end without the message;
 * it is a few bytes that the container has just written.
 */
export function writtenMessage(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(MAX_FILE_BYTES);
      return buffer.toString('utf8', 0, readSync(file, buffer, 0, MAX_FILE_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

/** Whether the end of the log stands in for a message that was not written. */
export function fallsBackToLog({ labels, exitCode }: RuntimeContainer): boolean {
  return labels[label.terminationMessagePolicy] === 'FallbackToLogsOnError' && exitCode !== 0;
}

export async function endOfLog(id: string, containers: Containers): Promise<string> {
  const lines: Buffer[] = [];
  for await (const line of containers.logs(id, { tail: MAX_LOG_LINES })) lines.push(line.bytes);
  return Buffer.concat(lines).subarray(-MAX_LOG_BYTES).toString();
}
