import { ClusterSettings } from '@gantry/rpc';
import { PodStreaming } from '../apiserver/streaming/pod-streaming';
import { apiserverUser } from '../auth/users';
import type { NodeGatewayFactory } from '../components';
import { SERVER_VERSION } from '../version';
import { NodeGateway } from './gateway';
import { SettingJoinToken } from './join-tokens';

/** Begins to listen for agents; what users stream from pods goes through it. */
export const startNodeGateway: NodeGatewayFactory = async (plane) => {
  const { settings, pki, clock, metrics, log } = plane;
  const gateway = await NodeGateway.listen({
    address: settings.nodeGatewayAddress,
    port: settings.nodeGatewayPort,
    serving: pki.serving,
    signer: pki.authority,
    tokens: new SettingJoinToken(settings.joinToken),
    settings: ClusterSettings.fromPartial({
      clusterDomain: settings.clusterDomain,
      dnsAddress: settings.dnsAddress,
      podCidr: settings.podCidr,
      serviceCidr: settings.serviceRange.toString(),
      mirrors: settings.registryMirrors,
    }),
    transport: (user) => plane.transport(user),
    serverVersion: SERVER_VERSION.gitVersion,
    clock,
    metrics,
    log: log.child({ scope: 'nodes' }),
  });
  return {
    streaming: new PodStreaming(plane.transport(apiserverUser), gateway.streams, clock),
    close: () => gateway.close(),
  };
};
