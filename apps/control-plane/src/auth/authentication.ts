import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { StatusError, type User, unauthorized } from '@gantry/api';
import { isPublicPath } from './public-paths';
import { AUTHENTICATED, anonymous } from './users';

/** Tells who is behind a bearer token; undefined = not one of mine. */
export interface TokenAuthenticator {
  authenticate(token: string): Promise<User | undefined> | User | undefined;
}

/** Tells who sent an HTTP request: by its client certificate, else by its bearer token, else nobody. */
export class RequestAuthenticator {
  // A connection's certificate never changes, and reading it costs more than the rest of a small request.
  private readonly byConnection = new WeakMap<TLSSocket, User>();

  constructor(private readonly tokens: readonly TokenAuthenticator[]) {}

  /** Throws Unauthorized for credentials that are not valid, and without any unless the path is public. */
  async authenticate(request: IncomingMessage): Promise<User> {
    const { socket } = request;
    // Acting as oneself where another user was meant would be worse than not acting.
    if (request.headers['impersonate-user'] !== undefined)
      throw new StatusError('Forbidden', 'impersonation is not served');
    if (socket instanceof TLSSocket) {
      const user = this.byConnection.get(socket) ?? this.readCertificate(socket);
      if (user) return user;
    }
    const { authorization } = request.headers;
    if (authorization === undefined && isPublicPath(request.url ?? '')) return anonymous;
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    if (token !== undefined) {
      for (const authenticator of this.tokens) {
        const user = await authenticator.authenticate(token);
        if (user) return user;
      }
    }
    throw unauthorized();
  }

  private readCertificate(socket: TLSSocket): User | undefined {
    const { subject } = socket.getPeerCertificate();
    if (!subject) return undefined;
    if (!socket.authorized || typeof subject.CN !== 'string') throw unauthorized();
    const user = { name: subject.CN, groups: [...organizations(subject.O), AUTHENTICATED] };
    this.byConnection.set(socket, user);
    return user;
  }
}

function organizations(value: string | string[] | undefined): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
