import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const CHECKOUT = join(__dirname, '../../..');
export const KUBECONFIG = join(CHECKOUT, '.gantry/admin.kubeconfig');

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  input?: string;
  /** Milliseconds. */
  timeout?: number;
}

/** Runs a program as a user would, from the checkout; never throws for its exit code. */
export function run(program: string, args: string[], { input, timeout = 60_000 }: RunOptions = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, KUBECONFIG };
    const child = spawn(program, args, { cwd: CHECKOUT, env, timeout, killSignal: 'SIGKILL' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code: code ?? -1, stdout, stderr });
    });
    child.stdin.on('error', () => undefined).end(input ?? '');
  });
}

/** As {@link run}, but the program must succeed; its stdout. */
export async function succeed(program: string, args: string[], options?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stderr}\n${stdout}`);
  return stdout;
}
