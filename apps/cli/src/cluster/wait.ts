import { Namespace, Node } from '@gantry/api';
import { findHost, isAlive, readPidFile, until } from '@gantry/hosts';
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

/** Resolves once every node that was asked for is Ready, with an agent that runs now. */
export async function nodesReady(layout: Layout): Promise<void> {
  await withApi(layout, (client) =>
    until(`all nodes to be Ready (see ${layout.logFile('agent-NODE')})`, PATIENCE, async () => {
      for (const name of layout.nodeNames()) {
        const [host, agent] = await Promise.all([
          findHost(layout.host(name)),
          readPidFile(layout.pidFile(`agent-${name}`)),
        ]);
        if (!host || !agent || !isAlive(agent)) return false;
      }
      const { items } = await client.resource(Node).list();
      const ready = new Set(items.filter(isReady).map(({ metadata }) => metadata.name));
      return layout.nodeNames().every((name) => ready.has(name));
    }),
  );
}

export function isReady(node: Node): boolean {
  const ready = node.status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
  return ready && !node.spec?.taints?.some(({ key }) => key.startsWith('node.kubernetes.io/'));
}
