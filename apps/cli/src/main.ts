#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import { errorMessage } from '@gantry/base';
import { defaultDirectory } from './cluster/settings';

// Commands load their code when they run: `gantry --help` must not pay for gRPC.
const program = new Command('gantry')
  .description('A container cluster, its nodes and its registry')
  .option('--directory <path>', 'where the cluster of this machine keeps its state and kubeconfig', defaultDirectory())
  .enablePositionalOptions();

const directory = (): string => program.opts<{ directory: string }>().directory;

program
  .command('up')
  .description('start a cluster on this machine, or change the running one')
  .option('--nodes <count>', 'number of nodes', count, undefined)
  .option('--api-port <port>', 'port of the Kubernetes API', port)
  .option('--registry-port <port>', 'port of the registry', port)
  .action(async (options: { nodes?: number; apiPort?: number; registryPort?: number }) =>
    (await import('./commands/up.js')).up(directory(), options),
  );

program
  .command('down')
  .description('stop the cluster of this machine; its data stays')
  .option('--purge', 'remove its data, too', false)
  .action(async (options: { purge: boolean }) => (await import('./commands/down.js')).down(directory(), options));

program
  .command('status')
  .description('components, nodes and versions at a glance')
  .action(async () => (await import('./commands/status.js')).status(directory()));

program
  .command('why <object>')
  .description('why a pod is not running: pod/NAME')
  .option('-n, --namespace <name>', 'its namespace', 'default')
  .action(async (object: string, options: { namespace: string }) =>
    (await import('./commands/why.js')).why(directory(), object, options.namespace),
  );

program
  .command('kubeconfig')
  .description('print the path of the admin kubeconfig')
  .action(async () => {
    (await import('./commands/kubeconfig.js')).kubeconfig(directory());
  });

program
  .command('supervise', { hidden: true })
  .description('keep the processes of this machine’s cluster running (started by up)')
  .action(async () => (await import('./commands/supervise.js')).supervise(directory()));

for (const [verb, app, description] of [
  ['server', 'control-plane', 'run the control plane'],
  ['agent', 'agent', 'run a node'],
  ['registry', 'registry', 'run a registry'],
] as const) {
  program
    .command(verb)
    .description(description)
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .argument('[options...]')
    .action(async (options: string[]) => (await import('./commands/run-app.js')).runApp(app, options));
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 200) throw new InvalidArgumentError('a number from 1 to 200');
  return value;
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65535) throw new InvalidArgumentError('a port number');
  return value;
}

program.parseAsync().catch((error: unknown) => {
  console.error(`gantry: ${errorMessage(error)}`);
  process.exitCode = 1;
});
