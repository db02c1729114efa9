import 'reflect-metadata';
import { errorMessage } from '@gantry/base';
import { runAgent } from './run-agent';
import { parseSettings, settingsUsage } from './settings';

async function main(argv: string[]): Promise<void> {
  if (argv.includes('--help')) {
    process.stdout.write(settingsUsage());
    return;
  }
  const agent = await runAgent(parseSettings(argv));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void Promise.resolve(agent.close()).finally(() => process.exit());
    });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`gantry agent: ${errorMessage(error)}\n`);
  process.exitCode = 1;
});
