import {
  Endpoints,
  EndpointSlice,
  isStatus,
  Namespace,
  Service,
  type Draft,
  type KubeObject,
  type SchemaClass,
} from '@gantry/api';
import type { TypedClient } from '@gantry/client';
import type { Settings } from './settings/settings';

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Makes what every cluster has from its first moment; what is there already stays. */
export async function bootstrap(client: TypedClient, settings: Settings): Promise<void> {
  for (const name of NAMESPACES) await ensure(client, Namespace, { metadata: { name } });
  const metadata = {
    name: 'kubernetes',
    namespace: 'default',
    labels: { component: 'apiserver', provider: 'kubernetes' },
  };
  const ports = [{ name: 'https', protocol: 'TCP' as const, port: 443, targetPort: settings.port }];
  await ensure(client, Service, {
    metadata,
    spec: { type: 'ClusterIP', clusterIP: settings.serviceRange.at(1), ports },
  });
  // Endpoints may not be loopback addresses: a server that tells no other one serves this machine only.
  if (settings.advertiseAddress.startsWith('127.')) return;
  const endpoint = [{ name: 'https', protocol: 'TCP' as const, port: settings.port }];
  const address = settings.advertiseAddress;
  await ensure(client, Endpoints, { metadata, subsets: [{ addresses: [{ ip: address }], ports: endpoint }] });
  await ensure(client, EndpointSlice, {
    metadata: { ...metadata, labels: { ...metadata.labels, 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: endpoint,
  });
}

async function ensure<T extends KubeObject>(
  client: TypedClient,
  schema: SchemaClass<T>,
  object: Draft<T>,
): Promise<void> {
  await client
    .resource(schema)
    .create(object)
    .catch((error: unknown) => {
      if (!isStatus(error, 'AlreadyExists')) throw error;
    });
}
