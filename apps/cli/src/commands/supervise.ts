import { systemClock } from '@gantry/base';
import { identify, readPidFile, writePidFile } from '@gantry/hosts';
import { existingLayout, type Layout } from '../cluster/layout';
import { Supervisor } from '../cluster/supervisor';

/** Runs until SIGTERM; SIGHUP makes it look at the settings at once. What it started runs on without it. */
export async function supervise(directory: string): Promise<void> {
  const readLayout = (): Promise<Layout> => existingLayout(directory);
  const pidFile = (await readLayout()).pidFile('supervisor');
  if (await readPidFile(pidFile)) throw new Error('a supervisor runs already');
  await writePidFile(pidFile, identify(process.pid)!);
  const log = (line: string): void => {
    console.log(`${new Date(systemClock.now()).toISOString()} ${line}`);
  };
  const supervisor = new Supervisor(readLayout, systemClock, log);
  process.on('SIGHUP', () => {
    supervisor.look();
  });
  process.once('SIGTERM', () => void supervisor.close().then(() => process.exit(0)));
  supervisor.look();
}
