import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { User } from '@gantry/api';
import type { TokenAuthenticator } from './authentication';
import { AUTHENTICATED } from './users';

/** Bearer tokens from a CSV file of `token,user,uid[,"group1,group2"]`, read once at start. */
export class StaticTokens implements TokenAuthenticator {
  // By digest: looking a token up takes the same time however much of it is right.
  private readonly users = new Map<string, User>();

  static async load(path: string): Promise<StaticTokens> {
    return new StaticTokens(await readFile(path, 'utf8'), path);
  }

  /** Throws an Error naming the line that is malformed. */
  constructor(csv: string, path = 'token file') {
    csv.split('\n').forEach((line, index) => {
      if (line.trim() === '' || line.startsWith('#')) return;
      const [token, name, uid, groups = ''] = readColumns(line);
      if (!token || !name || uid === undefined)
        throw new Error(`${path}:${index + 1}: expected token,user,uid[,"groups"]`);
      const named = groups.split(',').filter((group) => group !== '');
      this.users.set(digest(token), { name, uid: uid || undefined, groups: [...named, AUTHENTICATED] });
    });
  }

  authenticate(token: string): User | undefined {
    return this.users.get(digest(token));
  }
}

function readColumns(line: string): string[] {
  return [...line.matchAll(/\s*(?:"([^"]*)"|([^,]*))\s*(?:,|$)/g)].map(([, quoted, plain]) =>
    (quoted ?? plain ?? '').trim(),
  );
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
