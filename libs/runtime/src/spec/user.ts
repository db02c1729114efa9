import { invalid } from '../errors';

export interface ResolvedUser {
  uid: number;
  gid: number;
  additionalGids: number[];
  home: string;
}

interface PasswdEntry {
  name: string;
  uid: number;
  gid: number;
  home: string;
}

interface GroupEntry {
  name: string;
  gid: number;
  members: string[];
}

const ID_LIMIT = 2 ** 31;

/**
 * Resolves `user`, `uid`, `user:group`, `uid:gid` in the image's own files. A name must be there; a number need not,
 * and then has group 0. Groups that list the user are added unless a group is named. Throws Invalid.
 */
export function resolveUser(user: string, passwd: string, group: string, supplemental: number[] = []): ResolvedUser {
  const [userPart = '', groupPart, ...rest] = user.split(':');
  if (rest.length > 0) throw invalid(`invalid user ${JSON.stringify(user)}`);
  const wanted = userPart === '' ? '0' : userPart;
  const users = parsePasswd(passwd);
  const entry = users.find(({ name }) => name === wanted) ?? users.find(({ uid }) => String(uid) === wanted);
  const uid = entry?.uid ?? numericId(wanted);
  if (uid === undefined) throw invalid(`unable to find user ${wanted}: no matching entries in passwd file`);
  const groups = parseGroup(group);
  const gid = groupPart ? resolveGroup(groupPart, groups) : (entry?.gid ?? 0);
  const memberships = groupPart || !entry ? [] : groups.filter(({ members }) => members.includes(entry.name));
  const additional = new Set([...memberships.map((membership) => membership.gid), ...supplemental]);
  return { uid, gid, additionalGids: [...additional], home: entry?.home || '/' };
}

function resolveGroup(wanted: string, groups: GroupEntry[]): number {
  const entry = groups.find(({ name }) => name === wanted) ?? groups.find(({ gid }) => String(gid) === wanted);
  const gid = entry?.gid ?? numericId(wanted);
  if (gid === undefined) throw invalid(`unable to find group ${wanted}: no matching entries in group file`);
  return gid;
}

function numericId(text: string): number | undefined {
  return /^\d+$/.test(text) && Number(text) < ID_LIMIT ? Number(text) : undefined;
}

function parsePasswd(text: string): PasswdEntry[] {
  return records(text).flatMap(([name, , uid, gid, , home]) => {
    const ids = [numericId(uid ?? ''), numericId(gid ?? '')] as const;
    if (!name || ids[0] === undefined || ids[1] === undefined) return [];
    return [{ name, uid: ids[0], gid: ids[1], home: home ?? '' }];
  });
}

function parseGroup(text: string): GroupEntry[] {
  return records(text).flatMap(([name, , id, members]) => {
    const gid = numericId(id ?? '');
    return name && gid !== undefined ? [{ name, gid, members: (members ?? '').split(',').filter(Boolean) }] : [];
  });
}

const records = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'));
