import { spawn } from 'node:child_process';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemClock } from '@gantry/base';
import { ensureLan, findHost, powerOn, readPidFile, removePidFile, signal, until } from '@gantry/hosts';
import { pushDemoImages } from '../cluster/demo-images';
import { Layout } from '../cluster/layout';
import { Progress } from '../cluster/progress';
import { changeSettings, readSettings, type ClusterSettings } from '../cluster/settings';
import { retireNode } from '../cluster/retire-node';
import { apiReady, nodesReady, registryReady } from '../cluster/wait';

/** Starts the cluster of this machine, or changes the running one to what is asked; returns when every node is Ready. */
export async function up(directory: string, asked: Partial<ClusterSettings>): Promise<void> {
  const before = await readSettings(directory);
  const layout = new Layout(directory, await changeSettings(directory, asked));
  const progress = new Progress(systemClock);
  console.log(`gantry: a cluster of ${layout.settings.nodes} on this machine`);
  await mkdir(layout.runDirectory, { recursive: true, mode: 0o755 });
  await writeFile(layout.joinTokenFile, layout.settings.joinToken, { mode: 0o600 });
  await progress.step('network', () => ensureLan(layout.lan));
  await startSupervisor(layout);
  const hosts = progress.step('hosts', () => powerOnHosts(layout));
  const images = progress
    .step('registry', () => registryReady(layout))
    .then(() => progress.step('demo images', () => pushDemoImages(layout)));
  await progress.step('control plane', () => apiReady(layout));
  await hosts;
  if (before) await retireNodes(new Layout(directory, before), layout);
  await progress.step(`${layout.settings.nodes} nodes Ready`, () => nodesReady(layout));
  await images;
  printPlaces(layout);
}

async function startSupervisor(layout: Layout): Promise<void> {
  const running = await readPidFile(layout.pidFile('supervisor'));
  if (running) {
    signal(running, 'SIGHUP');
    return;
  }
  await removePidFile(layout.pidFile('supervisor'));
  await mkdir(dirname(layout.logFile('supervisor')), { recursive: true });
  const log = await open(layout.logFile('supervisor'), 'a');
  const args = [process.argv[1]!, '--directory', layout.directory, 'supervise'];
  spawn(process.execPath, args, { cwd: '/', detached: true, stdio: ['ignore', log.fd, log.fd] }).unref();
  await log.close();
  await until('the supervisor to start', 10_000, () => readPidFile(layout.pidFile('supervisor')));
}

async function powerOnHosts(layout: Layout): Promise<void> {
  for (const node of layout.nodeNames()) {
    await mkdir(layout.nodeRun(node), { recursive: true });
    if (!(await findHost(layout.host(node)))) await powerOn(layout.host(node));
  }
}

async function retireNodes(before: Layout, now: Layout): Promise<void> {
  const kept = new Set(now.nodeNames());
  for (const node of before.nodeNames()) if (!kept.has(node)) await retireNode(now, node);
}

function printPlaces(layout: Layout): void {
  const { settings } = layout;
  const rows: [string, string][] = [
    ['API', `https://127.0.0.1:${settings.apiPort}`],
    ['kubeconfig', layout.kubeconfig],
    ['registry', `127.0.0.1:${settings.registryPort}`],
    ['metrics', `https://127.0.0.1:${settings.apiPort}/metrics  http://127.0.0.1:${settings.registryPort}/metrics`],
    ...layout
      .nodeNames()
      .map((node): [string, string] => [
        node,
        `${layout.host(node).address}  unix://${layout.nodeRun(node)}/docker.sock`,
      ]),
  ];
  console.log();
  for (const [name, place] of rows) console.log(`  ${name.padEnd(12)} ${place}`);
  console.log(`\nNext:\n  export KUBECONFIG=${layout.kubeconfig}\n  kubectl apply -f deploy/examples/guestbook.yaml`);
}
