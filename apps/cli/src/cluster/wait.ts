import { stat } from 'node:fs/promises';
import { Lease, Namespace, Node } from '@gantry/api';
import { findHost, readPidFile, until } from '@gantry/hosts';
import { withApi } from './api';
import type { Layout } from './layout';

/** Milliseconds. */
const PATIENCE = 60_000;

/** Resolves once the API answers and a new namespace would be complete. */
export async function apiReady(layout: Layout): Promise<void> {
  await until(`the control plane (see ${layout.logFile('server')})`, PATIENCE, async () => {
    if (!(await readPidFile(layout.pidFile('server')))) return false;
    return withApi(layout, (client) => client.resource(Namespace).find({ name: 'default' }));
  });
}

export async function registryReady(layout: Layout): Promise<void> {
  const url = `http://127.0.0.1:${layout.settings.registryPort}/v2/`;
  await until(`the registry (see ${layout.logFile('registry')})`, PATIENCE, async () => (await fetch(url)).ok);
}

/** Resolves once every node that was asked for is Ready by the word of the agent that runs now. */
export async function nodesReady(layout: Layout): Promise<void> {
  await withApi(layout, (client) =>
    until(`all nodes to be Ready (see ${layout.logFile('agent-NODE')})`, PATIENCE, async () => {
      const { items } = await client.resource(Node).list();
      const { items: leases } = await client.resource(Lease).list({ namespace: 'kube-node-lease' });
      const ready = new Set(items.filter(isReady).map(({ metadata }) => metadata.name));
      for (const name of layout.nodeNames()) {
        const lease = leases.find(({ metadata }) => metadata.name === name);
        const renewed = Date.parse(lease?.spec?.renewTime ?? '1970-01-01');
        if (!ready.has(name) || !(await speaksFor(layout, name, renewed))) return false;
      }
      return true;
    }),
  );
}

// What the API remembers of a node may be an earlier agent's word: its lease must be younger than the present agent.
async function speaksFor(layout: Layout, name: string, renewed: number): Promise<boolean> {
  const pidFile = layout.pidFile(`agent-${name}`);
  const running = (await findHost(layout.host(name))) && (await readPidFile(pidFile));
  return running !== undefined && (await stat(pidFile)).mtimeMs < renewed;
}

export function isReady(node: Node): boolean {
  const ready = node.status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
  return ready && !node.spec?.taints?.some(({ key }) => key.startsWith('node.kubernetes.io/'));
}
