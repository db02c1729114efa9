import { errorMessage } from '@gantry/base';
import { runServer } from './run-server';
import { parseSettings, SettingsError, settingsUsage } from './settings/settings';

async function main(argv: string[]): Promise<void> {
  if (argv.includes('--help')) {
    process.stdout.write(`gantry server: runs the control plane\n\n${settingsUsage()}\n`);
    return;
  }
  const server = await runServer(parseSettings(argv));
  const stop = (): void => {
    void Promise.resolve(server.close()).then(() => process.exit(0));
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`gantry server: ${errorMessage(error)}\n`);
  process.exit(error instanceof SettingsError ? 2 : 1);
});
