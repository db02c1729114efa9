import type { Clock } from '@gantry/base';
import type { HttpTransport } from './http-transport';
import { errorOf, RegistryError } from './registry-error';

export interface Credentials {
  username: string;
  password: string;
}

/** What a registry asks for in `WWW-Authenticate`. */
export interface Challenge {
  scheme: string;
  parameters: Record<string, string>;
}

/** Parses the first challenge of the header (RFC 9110, section 11.6.1). */
export function parseChallenge(header: string): Challenge {
  const [, scheme = '', rest = ''] = /^\s*(\S+)\s*(.*)$/s.exec(header) ?? [];
  const parameters: Record<string, string> = {};
  for (const [, key, quoted, plain] of rest.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    parameters[key!.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? plain!;
  }
  return { scheme: scheme.toLowerCase(), parameters };
}

/** The authorization header's value for a registry, learnt from its challenges; bearer tokens are kept until they expire. */
export class Authorizer {
  private readonly headers = new Map<string, { value: string; expires: number }>();

  constructor(
    private readonly http: HttpTransport,
    private readonly clock: Clock,
    private readonly credentials?: Credentials,
  ) {}

  /** The header for requests of this scope (`repository:a/b:pull`; several with spaces between), if the registry has asked for one before. */
  header(scope: string): string | undefined {
    const known = this.headers.get(scope);
    return known && known.expires > this.clock.monotonic() ? known.value : undefined;
  }

  /** Answers a challenge; false when there is nothing (new) to answer with. Throws what the token service says. */
  async answer(challenge: Challenge, scope: string, signal?: AbortSignal): Promise<boolean> {
    if (challenge.scheme === 'bearer') {
      const previous = this.headers.get(scope);
      const token = await this.fetchToken(challenge, scope, signal);
      this.headers.set(scope, token);
      return token.value !== previous?.value;
    }
    if (challenge.scheme !== 'basic' || !this.credentials || this.headers.has(scope)) return false;
    this.headers.set(scope, { value: basic(this.credentials), expires: Number.POSITIVE_INFINITY });
    return true;
  }

  /** Docker's token protocol: GET the realm, with the credentials if there are any. */
  private async fetchToken(challenge: Challenge, scope: string, signal?: AbortSignal) {
    const { realm, service } = challenge.parameters;
    if (!realm || !URL.canParse(realm)) {
      throw new RegistryError('UNAUTHORIZED', 'the registry asks for a token but names no valid realm', 401);
    }
    const url = new URL(realm);
    if (service) url.searchParams.set('service', service);
    for (const one of scope.split(' ')) url.searchParams.append('scope', one);
    const headers: Record<string, string> = this.credentials ? { authorization: basic(this.credentials) } : {};
    const response = await this.http.send({ method: 'GET', url, headers, signal });
    if (response.statusCode !== 200) throw await errorOf(response);
    const body = (await response.setEncoding('utf8').toArray()).join('');
    const { token, access_token, expires_in } = JSON.parse(body) as Record<string, string | number | undefined>;
    // The protocol's default lifetime is 60 s; a little less keeps a token from expiring on its way.
    const lifetime = Math.max(Number(expires_in ?? 60) - 5, 1) * 1000;
    return { value: `Bearer ${token ?? access_token ?? ''}`, expires: this.clock.monotonic() + lifetime };
  }
}

const basic = ({ username, password }: Credentials): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
