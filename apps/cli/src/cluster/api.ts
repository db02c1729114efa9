import { HttpsTransport, readKubeconfig, TypedClient } from '@gantry/client';
import type { Layout } from './layout';

/** Runs `use` with the cluster's API as its administrator. */
export async function withApi<T>(layout: Layout, use: (client: TypedClient) => Promise<T>): Promise<T> {
  const transport = new HttpsTransport(await readKubeconfig(layout.kubeconfig));
  try {
    return await use(new TypedClient(transport));
  } finally {
    transport.close();
  }
}
