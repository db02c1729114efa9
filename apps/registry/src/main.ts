import 'reflect-metadata';
import { errorMessage } from '@gantry/base';
import { runRegistry } from './run-registry';
import { parseSettings, settingsUsage } from './settings';

async function main(argv: string[]): Promise<void> {
  if (argv.includes('--help')) {
    process.stdout.write(settingsUsage());
    return;
  }
  const registry = await runRegistry(parseSettings(argv));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void registry.close());
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`gantry registry: ${errorMessage(error)}\n`);
  process.exitCode = 1;
});
