import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@gantry/base';
import { powerOff, removeCgroups, removeLan } from '@gantry/hosts';
import { Layout } from '../cluster/layout';
import { Progress } from '../cluster/progress';
import { readSettings } from '../cluster/settings';
import { stopComponent } from '../cluster/supervisor';

/** Stops the cluster of this machine and leaves nothing of it in the kernel; with `purge`, nothing on disk either. */
export async function down(directory: string, options: { purge: boolean }): Promise<void> {
  const settings = await readSettings(directory);
  if (!settings) {
    console.log(`gantry: there is no cluster in ${directory}`);
    return;
  }
  const layout = new Layout(directory, settings);
  const progress = new Progress(systemClock);
  await progress.step('supervisor', () => stopComponent(layout, 'supervisor'));
  await progress.step('hosts', () => stopHosts(layout));
  for (const name of ['server', 'registry', 'etcd']) await progress.step(name, () => stopComponent(layout, name));
  await progress.step('network', () => removeLan(layout.lan));
  await removeCgroups('/gantry');
  await rm(layout.runDirectory, { recursive: true, force: true });
  if (options.purge) await progress.step('data', () => rm(directory, { recursive: true, force: true }));
}

// By folder, not by the settings: a node that an interrupted change left behind is stopped, too.
async function stopHosts(layout: Layout): Promise<void> {
  const nodes = await readdir(join(layout.directory, 'nodes')).catch(() => layout.nodeNames());
  await Promise.all(
    nodes.map(async (node) => {
      await powerOff(layout.host(node));
      await stopComponent(layout, `agent-${node}`);
    }),
  );
}
