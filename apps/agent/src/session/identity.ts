import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, writeFileDurably, type Clock } from '@gantry/base';
import { ClusterSettings } from '@gantry/rpc';

/** What makes this machine a member of the cluster. Kept in one file, so that key and certificate always fit. */
export interface NodeIdentity {
  nodeName: string;
  /** PKCS#8, PEM. */
  key: string;
  /** PEM. */
  certificate: string;
  /** Whom to believe to be the cluster, PEM. */
  certificateAuthority: string;
  /** As they were when the certificate was signed; a session brings the current ones. */
  settings: ClusterSettings;
}

/** The identity kept in a folder, or undefined when none was saved yet. */
export async function loadIdentity(directory: string): Promise<NodeIdentity | undefined> {
  try {
    const kept = JSON.parse(await readFile(identityPath(directory), 'utf8')) as NodeIdentity;
    return { ...kept, settings: ClusterSettings.fromJSON(kept.settings) };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new Error(`${identityPath(directory)} cannot be used; remove it to join again`, { cause: error });
  }
}

export function saveIdentity(directory: string, identity: NodeIdentity): Promise<void> {
  return writeFileDurably(identityPath(directory), JSON.stringify(identity, undefined, 2), 0o600);
}

/** The share of the certificate's lifetime that has passed: above 1 it has expired. */
export function certificateAge(identity: NodeIdentity, clock: Clock): number {
  const { validFrom, validTo } = new X509Certificate(identity.certificate);
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  return (clock.now() - from) / (to - from);
}

function identityPath(directory: string): string {
  return join(directory, 'identity.json');
}
