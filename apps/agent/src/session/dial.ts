import { credentials } from '@grpc/grpc-js';
import { NodeGatewayClient } from '@gantry/rpc';

// In the certificate of every server of the cluster, under whatever address nodes reach it.
const SERVER_NAME = 'kubernetes.default.svc';

export interface DialOptions {
  /** `host:port` of a node gateway. */
  server: string;
  /** PEM of the cluster's CA: the server must show a certificate it signed. */
  certificateAuthority: string;
  /** The node's own, when it has joined. PEM. */
  identity?: { key: string; certificate: string };
}

/** A client of one server, connected when first used. */
export function dialGateway({ server, certificateAuthority, identity }: DialOptions): NodeGatewayClient {
  const [key, certificate] = identity ? [Buffer.from(identity.key), Buffer.from(identity.certificate)] : [null, null];
  return new NodeGatewayClient(server, credentials.createSsl(Buffer.from(certificateAuthority), key, certificate), {
    'grpc.ssl_target_name_override': SERVER_NAME,
    'grpc.keepalive_time_ms': 10_000,
    'grpc.keepalive_timeout_ms': 5_000,
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
    // Reconnecting is the session's decision, with its own back-off and the next server.
    'grpc.enable_retries': 0,
    'grpc.use_local_subchannel_pool': 1,
  });
}
