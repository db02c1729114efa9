import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import * as x509 from '@peculiar/x509';
import { errorMessage } from '@gantry/base';
import type { ClusterSettings, JoinRequest, JoinResponse } from '@gantry/rpc';
import { NODES, nodeUser } from '../auth/users';
import type { JoinTokens } from './join-tokens';

/** What joining needs of the cluster's CA. */
export interface CertificateSigner {
  /** PEM. */
  readonly certificate: string;
  /** Signs a PKCS#10 request (PEM) with the given subject; throws when it is not signed by its own key. */
  signRequest(
    request: string,
    use: { usage: 'client'; commonName: string; organizations: string[]; lifetime: number },
  ): Promise<string>;
}

/** Refuses a call with a gRPC status. */
export class CallRefused extends Error {
  override name = 'CallRefused';
  constructor(
    readonly code: status,
    /** The name grpc-js sends the message under. */
    readonly details: string,
  ) {
    super(details);
  }
}

/** Agents renew their certificate when two thirds of this time have passed. */
const CERTIFICATE_LIFETIME_MS = 90 * 24 * 3600_000;

/** RFC 1123 subdomain, as Kubernetes demands of node names. */
const NODE_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Turns bootstrap tokens, or certificates still valid, into client certificates of nodes. */
export class NodeJoin {
  constructor(
    private readonly tokens: JoinTokens,
    private readonly signer: CertificateSigner,
    private readonly settings: ClusterSettings,
    private readonly lifetime = CERTIFICATE_LIFETIME_MS,
  ) {}

  /** `renewing` is the node whose certificate the caller showed, if it did. Throws {@link CallRefused}. */
  async join(request: JoinRequest, renewing: string | undefined): Promise<JoinResponse> {
    const node = request.nodeName;
    await this.admit(request, renewing);
    const { name } = nodeUser(node);
    checkRequest(request.certificateRequest, name);
    const certificate = await this.signer
      .signRequest(request.certificateRequest, {
        usage: 'client',
        commonName: name,
        organizations: [NODES],
        lifetime: this.lifetime,
      })
      .catch((error: unknown) => {
        throw new CallRefused(status.INVALID_ARGUMENT, errorMessage(error));
      });
    return { certificate, certificateAuthority: this.signer.certificate, settings: this.settings };
  }

  private async admit({ nodeName, token }: JoinRequest, renewing: string | undefined): Promise<void> {
    if (nodeName.length > 253 || !NODE_NAME.test(nodeName)) {
      throw new CallRefused(
        status.INVALID_ARGUMENT,
        `"${nodeName}" is no valid node name: use lower case letters, digits, '-' and '.'`,
      );
    }
    if (renewing === nodeName) return;
    if (await this.tokens.accepts(token)) return;
    throw new CallRefused(
      status.UNAUTHENTICATED,
      renewing
        ? `node ${renewing} may not renew the certificate of ${nodeName}`
        : 'the join token is not valid; ask an administrator for the current one',
    );
  }
}

function checkRequest(pem: string, commonName: string): void {
  const invalid = (why: string): CallRefused =>
    new CallRefused(status.INVALID_ARGUMENT, `the certificate request ${why}`);
  let request: x509.Pkcs10CertificateRequest;
  try {
    request = new x509.Pkcs10CertificateRequest(pem);
  } catch (error) {
    throw invalid(`is not PKCS#10 in PEM: ${String(error)}`);
  }
  const subject = request.subjectName;
  if (subject.getField('CN').join() !== commonName || subject.getField('O').join() !== NODES) {
    throw invalid(`must be for CN=${commonName}, O=${NODES}, not ${request.subject}`);
  }
  const { name, namedCurve } = request.publicKey.algorithm as webcrypto.EcKeyAlgorithm;
  if (name !== 'ECDSA' || namedCurve !== 'P-256') throw invalid('must be for an ECDSA key on P-256');
}
