import { createHash, timingSafeEqual } from 'node:crypto';

/** Decides whether a bootstrap token admits a new node. */
export interface JoinTokens {
  accepts(token: string): Promise<boolean>;
}

/** The one token of the settings; without it no node can join. */
export class SettingJoinToken implements JoinTokens {
  private readonly expected?: Buffer;

  constructor(token: string | undefined) {
    if (token) this.expected = digest(token);
  }

  accepts(token: string): Promise<boolean> {
    // Digests have one length, so that the comparison's time tells nothing about the token.
    return Promise.resolve(this.expected !== undefined && timingSafeEqual(this.expected, digest(token)));
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
