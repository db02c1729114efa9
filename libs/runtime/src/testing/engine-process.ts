import { openRuntime, type RuntimeOptions } from '../open-runtime';
import type { Runtime } from '../runtime';

/**
 * An engine in a process of its own, for specs that kill it: takes steps as lines of JSON on stdin, answers each with a
 * line of JSON on stdout.
 */
type Step = { call: 'create' | 'start' | 'remove' | 'pull'; argument: unknown };

async function perform(runtime: Runtime, { call, argument }: Step): Promise<unknown> {
  switch (call) {
    case 'create':
      return runtime.containers.create(argument as Parameters<Runtime['containers']['create']>[0]);
    case 'start':
      return runtime.containers.start(argument as string);
    case 'remove':
      return runtime.containers.remove(argument as string);
    case 'pull':
      return runtime.images.pull(argument as string);
  }
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

async function main(): Promise<void> {
  const options = JSON.parse(process.argv[2]!) as Omit<RuntimeOptions, 'logger'>;
  const runtime = await openRuntime({ ...options, logger: silent });
  process.stdout.write('"ready"\n');
  for await (const line of process.stdin.setEncoding('utf8')) {
    for (const step of (line as string).trim().split('\n')) {
      const answer = await perform(runtime, JSON.parse(step) as Step);
      process.stdout.write(`${JSON.stringify(answer ?? null)}\n`);
    }
  }
}

void main();
