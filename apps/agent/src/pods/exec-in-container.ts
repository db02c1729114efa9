import type { Readable } from 'node:stream';
import type { Clock } from '@gantry/base';
import type { Containers } from '@gantry/runtime';

export interface ExecOutcome {
  /** Undefined when it did not end in time. */
  exitCode?: number;
  /** What it wrote to stdout and stderr, the first 10 KiB. */
  output: string;
}

const MAX_OUTPUT_BYTES = 10_240;

/** Runs a command in a container for a probe or a hook and waits for it, for so long at most. */
export async function execInContainer(
  containers: Containers,
  clock: Clock,
  id: string,
  command: string[],
  timeoutMs: number,
): Promise<ExecOutcome> {
  const session = await containers.exec(id, { command });
  let output = '';
  const collect = (stream: Readable): void => {
    stream.on('data', (chunk: Buffer) => {
      if (output.length < MAX_OUTPUT_BYTES) output += chunk.toString();
    });
  };
  collect(session.stdout);
  collect(session.stderr);
  let late = (): void => undefined;
  const timeout = new Promise<undefined>((resolve) => {
    late = () => {
      resolve(undefined);
    };
  });
  const timer = clock.after(timeoutMs, late);
  try {
    const exitCode = await Promise.race([session.exit, timeout]);
    return { exitCode, output: output.slice(0, MAX_OUTPUT_BYTES).trim() };
  } finally {
    await timer.close();
    // Ends the process when it is still there.
    await session.close();
  }
}
