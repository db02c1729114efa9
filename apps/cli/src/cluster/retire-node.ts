import { rm } from 'node:fs/promises';
import { isStatus, Node } from '@gantry/api';
import { powerOff } from '@gantry/hosts';
import { withApi } from './api';
import type { Layout } from './layout';
import { stopComponent } from './supervisor';

/** Takes a node out of the cluster for good: its pods go elsewhere, its host and data are removed. */
export async function retireNode(layout: Layout, name: string): Promise<void> {
  await stopComponent(layout, `agent-${name}`);
  await powerOff(layout.host(name));
  await withApi(layout, (client) =>
    client
      .resource(Node)
      .delete({ name })
      .catch((error: unknown) => {
        if (!isStatus(error, 'NotFound')) throw error;
      }),
  );
  await rm(layout.host(name).folder, { recursive: true, force: true });
  await rm(layout.nodeRun(name), { recursive: true, force: true });
}
