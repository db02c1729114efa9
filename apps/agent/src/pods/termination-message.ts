import { open } from 'node:fs/promises';
import type { Container as RuntimeContainer, Containers } from '@gantry/runtime';
import { label } from './identity';

const MAX_FILE_BYTES = 4096;
const MAX_LOG_BYTES = 2048;
const MAX_LOG_LINES = 80;

/** What an ended container has to say: its message file, or the end of its log where the pod asks for that. */
export async function terminationMessage(
  container: RuntimeContainer,
  path: string,
  containers: Containers,
): Promise<string | undefined> {
  const written = await readStart(path);
  if (written !== '') return written;
  const fromLogs = container.labels[label.terminationMessagePolicy] === 'FallbackToLogsOnError';
  return fromLogs && container.exitCode !== 0 ? endOfLog(container.id, containers) : undefined;
}

async function readStart(path: string): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return '';
  try {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(MAX_FILE_BYTES), position: 0 });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function endOfLog(id: string, containers: Containers): Promise<string> {
  const lines: Buffer[] = [];
  for await (const line of containers.logs(id, { tail: MAX_LOG_LINES })) lines.push(line.bytes);
  return Buffer.concat(lines).subarray(-MAX_LOG_BYTES).toString();
}
