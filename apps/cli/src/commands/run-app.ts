import { spawn } from 'node:child_process';
import { appMain } from '../cluster/components';

/** Runs one of the servers in the foreground, in this process's place as far as signals and exit code go. */
export function runApp(app: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [appMain(app), ...args], { stdio: 'inherit' });
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => child.kill(name));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.exitCode = code ?? (signal ? 1 : 0);
      resolve();
    });
  });
}
