import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a program to its end; its stdout. Failing, it throws with the command line and what the program said. */
export async function command(program: string, args: string[], input?: string): Promise<string> {
  const started = run(program, args, { maxBuffer: 64 << 20 });
  if (input !== undefined) started.child.stdin?.end(input);
  try {
    return (await started).stdout;
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim();
    throw new Error(`${program} ${args.join(' ')}${said ? `: ${said}` : ''}`, { cause: said ? undefined : error });
  }
}

/** Several `ip` commands in one process, each a line without the leading `ip`. */
export async function ip(lines: string[]): Promise<void> {
  await command('ip', ['-batch', '-'], lines.join('\n') + '\n');
}
