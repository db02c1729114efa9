import { run, succeed, type Result, type RunOptions } from './command';

/** kubectl in one namespace, as the cluster's administrator. */
export class Kubectl {
  constructor(readonly namespace: string) {}

  /** Must succeed; its stdout. */
  do(...args: string[]): Promise<string> {
    return succeed('kubectl', ['-n', this.namespace, ...args]);
  }

  /** May fail. */
  try(args: string[], options?: RunOptions): Promise<Result> {
    return run('kubectl', ['-n', this.namespace, ...args], options);
  }

  async json<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.do(...args, '-o', 'json')) as T;
  }

  async items<T>(...args: string[]): Promise<T[]> {
    return (await this.json<{ items: T[] }>('get', ...args)).items;
  }

  apply(manifest: object | string, ...args: string[]): Promise<string> {
    const input = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
    return succeed('kubectl', ['-n', this.namespace, 'apply', ...args, '-f', '-'], { input });
  }
}

let made = 0;

/** A namespace of its own, so that no test sees another's leftovers. */
export async function freshNamespace(prefix: string): Promise<Kubectl> {
  const name = `${prefix}-${process.pid}-${++made}`;
  await succeed('kubectl', ['create', 'namespace', name]);
  return new Kubectl(name);
}
