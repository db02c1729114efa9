import type { TLSSocket } from 'node:tls';
import type { User } from '@gantry/api';
import { nodeNameOf } from '../auth/users';

/** The part of a gRPC server call that tells who is at the other end. */
export interface AuthenticatedCall {
  getAuthContext(): { sslPeerCertificate?: ReturnType<TLSSocket['getPeerCertificate']> };
}

/** The node whose client certificate the caller showed, verified by the cluster's CA; undefined without one. */
export function callingNode(call: AuthenticatedCall): string | undefined {
  const subject = call.getAuthContext().sslPeerCertificate?.subject;
  if (typeof subject?.CN !== 'string') return undefined;
  const user: User = { name: subject.CN, groups: [subject.O ?? []].flat() };
  return nodeNameOf(user);
}
