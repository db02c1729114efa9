import { stringify } from 'yaml';
import { writeFileDurably } from '@gantry/base';
import type { Pki } from './pki';

/** Writes a kubeconfig with the administrator's certificate, readable by its owner only. */
export async function writeAdminKubeconfig(path: string, pki: Pki, server: string): Promise<void> {
  await writeFileDurably(path, adminKubeconfig(pki, server), 0o600);
}

export function adminKubeconfig(pki: Pki, server: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'gantry', cluster: { server, 'certificate-authority-data': base64(pki.authority.certificate) } },
    ],
    users: [
      {
        name: 'gantry-admin',
        user: { 'client-certificate-data': base64(pki.admin.certificate), 'client-key-data': base64(pki.admin.key) },
      },
    ],
    contexts: [{ name: 'gantry', context: { cluster: 'gantry', user: 'gantry-admin' } }],
    'current-context': 'gantry',
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
