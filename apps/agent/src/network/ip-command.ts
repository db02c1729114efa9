import { spawn } from 'node:child_process';

/** Runs a program with this input; its output. Failing, it throws with what the program said. */
export function run(program: string, args: string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe' });
    let out = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${program} ${args.join(' ')}: ${said.trim() || `exit code ${code}`}`));
    });
    // A program that ends before it has read everything says why on stderr: the broken pipe adds nothing.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** Several commands of `ip` in one process, each a line without the leading `ip`; in another network namespace, if given. */
export async function ip(lines: string[], networkNamespace?: string): Promise<void> {
  if (lines.length === 0) return;
  const batch = ['ip', '-batch', '-'];
  const [program, ...args] = networkNamespace ? ['nsenter', `--net=${networkNamespace}`, ...batch] : batch;
  await run(program!, args, lines.join('\n') + '\n');
}

/** What `ip -json` lists. */
export async function ipList<T>(...args: string[]): Promise<T[]> {
  const text = await run('ip', ['-json', ...args]);
  return text.trim() === '' ? [] : (JSON.parse(text) as T[]);
}
