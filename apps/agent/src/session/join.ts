import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import { status, type ServiceError } from '@grpc/grpc-js';
import * as x509 from '@peculiar/x509';
import { backoffDelay, sleep, type BackoffPolicy, type Clock } from '@gantry/base';
import type { Logger } from '@gantry/observability';
import { ClusterSettings, type JoinResponse, type NodeGatewayClient } from '@gantry/rpc';
import { dialGateway } from './dial';
import { certificateAge, loadIdentity, saveIdentity, type NodeIdentity } from './identity';

export interface JoinSettings {
  nodeName: string;
  /** Node gateways as `host:port`, tried in turn. */
  servers: string[];
  /** Admits a node that has no certificate yet. */
  token?: string;
  /** PEM of the cluster's CA. */
  certificateAuthority: string;
  /** Where the identity is kept. */
  directory: string;
  clock: Clock;
  log: Logger;
  signal?: AbortSignal;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const RETRY: BackoffPolicy = { initial: 250, max: 10_000, jitter: 0.5 };
const CALL_TIMEOUT_MS = 10_000;

/** Answers that trying again does not change. */
const FINAL: readonly status[] = [status.UNAUTHENTICATED, status.PERMISSION_DENIED, status.INVALID_ARGUMENT];

/**
 * This node's identity: the one kept on disk while its certificate is valid, otherwise a new one, for which it waits
 * until a server can be reached. Throws when the cluster refuses the node.
 */
export async function joinCluster(settings: JoinSettings): Promise<NodeIdentity> {
  const kept = await loadIdentity(settings.directory);
  if (kept && kept.nodeName !== settings.nodeName) {
    throw new Error(`${settings.directory} holds the identity of node ${kept.nodeName}, not ${settings.nodeName}`);
  }
  if (kept && certificateAge(kept, settings.clock) < 1) return kept;
  for (let failures = 0; ;) {
    const server = settings.servers[failures % settings.servers.length]!;
    try {
      return await obtain(settings, server);
    } catch (error) {
      if (FINAL.includes((error as ServiceError).code))
        throw new Error(`the cluster refuses node ${settings.nodeName}`, { cause: error });
      failures++;
      settings.log.warn({ server, err: error }, 'could not join yet');
      await sleep(settings.clock, backoffDelay(RETRY, failures), settings.signal);
    }
  }
}

/** A new certificate for a new key, on the strength of the one still valid. */
export function renewIdentity(settings: JoinSettings, identity: NodeIdentity, server: string): Promise<NodeIdentity> {
  return obtain(settings, server, identity);
}

async function obtain(settings: JoinSettings, server: string, identity?: NodeIdentity): Promise<NodeIdentity> {
  const { nodeName, token = '', directory } = settings;
  const { key, certificateRequest } = await requestCertificate(nodeName);
  const client = dialGateway({
    server,
    certificateAuthority: identity?.certificateAuthority ?? settings.certificateAuthority,
    identity,
  });
  try {
    const answer = await join(client, settings.clock, { nodeName, token: identity ? '' : token, certificateRequest });
    const { certificate, certificateAuthority } = answer;
    const joined = {
      nodeName,
      key,
      certificate,
      certificateAuthority,
      settings: answer.settings ?? ClusterSettings.create(),
    };
    await saveIdentity(directory, joined);
    return joined;
  } finally {
    client.close();
  }
}

function join(
  client: NodeGatewayClient,
  clock: Clock,
  request: Parameters<NodeGatewayClient['join']>[0],
): Promise<JoinResponse> {
  return new Promise((resolve, reject) => {
    const call = client.join(request, (error, response) => {
      void timeout.close();
      if (error) reject(error);
      else resolve(response);
    });
    const timeout = clock.after(CALL_TIMEOUT_MS, () => {
      call.cancel();
    });
  });
}

async function requestCertificate(nodeName: string): Promise<{ key: string; certificateRequest: string }> {
  const keys: webcrypto.CryptoKeyPair = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [`system:node:${nodeName}`] }, { O: ['system:nodes'] }],
    keys,
    signingAlgorithm: ALGORITHM,
  });
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { key, certificateRequest: request.toString('pem') };
}
