import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, errorCode, writeFileDurably } from '@gantry/base';
import { MASTERS } from '../users';
import { CertificateAuthority, type KeyPair } from './authority';

const DAY_MS = 24 * 3600_000;
const CA_LIFETIME_MS = 3650 * DAY_MS;
const CERTIFICATE_LIFETIME_MS = 365 * DAY_MS;
// A certificate that would run out within this time is replaced at start.
const RENEW_BEFORE_MS = 60 * DAY_MS;
const KEY_MARK = '-----BEGIN PRIVATE KEY-----';

/** The cluster's keys as one server holds them. */
export interface Pki {
  authority: CertificateAuthority;
  /** What the TLS servers of the control plane show. */
  serving: KeyPair;
  /** The administrator's client certificate (`system:masters`). */
  admin: KeyPair;
}

export interface PkiOptions {
  /** Holds ca.pem, server.pem, admin.pem: certificate and key in one file, so that no crash can part them. */
  directory: string;
  /** DNS names and addresses of the API server. */
  hosts: string[];
  clock: Clock;
}

/** Loads the keys, making those that are missing, about to expire, or (the server's) not valid for all hosts. */
export async function ensurePki({ directory, hosts, clock }: PkiOptions): Promise<Pki> {
  const path = (name: string): string => join(directory, `${name}.pem`);
  const makeCa = (): Promise<KeyPair> => CertificateAuthority.generate('gantry-ca', CA_LIFETIME_MS, clock);
  const ca = await ensure(path('ca'), () => true, makeCa);
  const authority = await CertificateAuthority.load(ca, clock);
  const usable = (pair: KeyPair): boolean => isCurrent(pair, ca, clock);
  const serving = await ensure(
    path('server'),
    (pair) => usable(pair) && servesAll(pair, hosts),
    () =>
      authority.issue({ usage: 'server', commonName: 'gantry-apiserver', hosts, lifetime: CERTIFICATE_LIFETIME_MS }),
  );
  const admin = await ensure(path('admin'), usable, () =>
    authority.issue({
      usage: 'client',
      commonName: 'gantry-admin',
      organizations: [MASTERS],
      lifetime: CERTIFICATE_LIFETIME_MS,
    }),
  );
  return { authority, serving, admin };
}

async function ensure(
  path: string,
  usable: (pair: KeyPair) => boolean,
  make: () => Promise<KeyPair>,
): Promise<KeyPair> {
  const kept = await readPair(path);
  if (kept && usable(kept)) return kept;
  const pair = await make();
  await writeFileDurably(path, pair.certificate + pair.key, 0o600);
  return pair;
}

async function readPair(path: string): Promise<KeyPair | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    const keyStart = text.indexOf(KEY_MARK);
    if (keyStart < 0) throw new Error(`${path} holds no private key; remove it to have a new one made`);
    return { certificate: text.slice(0, keyStart), key: text.slice(keyStart) };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isCurrent(pair: KeyPair, ca: KeyPair, clock: Clock): boolean {
  const certificate = new X509Certificate(pair.certificate);
  const issuer = new X509Certificate(ca.certificate);
  return Date.parse(certificate.validTo) > clock.now() + RENEW_BEFORE_MS && certificate.verify(issuer.publicKey);
}

function servesAll(pair: KeyPair, hosts: string[]): boolean {
  const certificate = new X509Certificate(pair.certificate);
  return hosts.every((host) => certificate.checkHost(host) ?? certificate.checkIP(host));
}
