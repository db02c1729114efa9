import { createInterface } from 'node:readline';
import { failed } from '../errors';

/** conmon's report: a pid or an exit code, and words when it is negative. */
export interface SyncMessage {
  data: number;
  message?: string;
}

export interface SyncMessages {
  /** The next report. Rejects when the pipe ends before it. */
  next(): Promise<SyncMessage>;
  close(): void;
}

/** Reads the reports that conmon writes into a pipe, a JSON object a line. */
export function readSyncMessages(pipe: NodeJS.ReadableStream): SyncMessages {
  const lines = createInterface({ input: pipe, crlfDelay: Infinity });
  const iterator = lines[Symbol.asyncIterator]();
  return {
    async next() {
      const line = await iterator.next();
      if (line.done) throw failed('conmon closed its pipe without a report');
      return JSON.parse(line.value) as SyncMessage;
    },
    close() {
      lines.close();
      (pipe as unknown as { destroy(): void }).destroy();
    },
  };
}
