import 'reflect-metadata';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { type Clock, systemClock } from '@gantry/base';
import { type Pki, ensurePki } from './pki';

const DAY = 24 * 3600_000;

describe('ensurePki', () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'pki-'))));
  afterEach(() => rm(directory, { recursive: true }));

  const at = (now: number): Clock => ({ ...systemClock, now: () => now });
  const start = (hosts = ['localhost', '127.0.0.1'], clock: Clock = systemClock): Promise<Pki> =>
    ensurePki({ directory, hosts, clock });

  it('makes a CA, a server certificate for every host and an administrator of system:masters', async () => {
    const pki = await start(['kubernetes.default.svc', '10.96.0.1']);
    const ca = new X509Certificate(pki.authority.certificate);
    const server = new X509Certificate(pki.serving.certificate);
    const admin = new X509Certificate(pki.admin.certificate);
    expect(ca.ca).toBe(true);
    expect(server.verify(ca.publicKey) && admin.verify(ca.publicKey)).toBe(true);
    expect(server.checkHost('kubernetes.default.svc')).toBe('kubernetes.default.svc');
    expect(server.checkIP('10.96.0.1')).toBe('10.96.0.1');
    expect(admin.subject).toBe('CN=gantry-admin\nO=system:masters');
    expect(server.checkPrivateKey(createPrivateKey(pki.serving.key))).toBe(true);
    expect((await stat(join(directory, 'ca.pem'))).mode & 0o777).toBe(0o600);
  });

  it('keeps everything over a restart', async () => {
    const first = await start();
    const second = await start();
    expect(second.serving).toEqual(first.serving);
    expect(second.authority.certificate).toBe(first.authority.certificate);
  });

  it('replaces only the server certificate when the hosts change', async () => {
    const first = await start();
    const second = await start(['localhost', '10.0.0.9']);
    expect(second.serving.key).not.toBe(first.serving.key);
    expect(second.admin.key).toBe(first.admin.key);
  });

  it('replaces certificates well before they expire', async () => {
    const first = await start();
    const second = await start(undefined, at(Date.now() + 330 * DAY));
    expect(second.admin.key).not.toBe(first.admin.key);
    expect(second.authority.certificate).toBe(first.authority.certificate);
  });

  it('signs a request with the subject it was told, not the one asked for', async () => {
    const { authority } = await start();
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const request = await x509.Pkcs10CertificateRequestGenerator.create({
      name: 'CN=system:node:other, O=system:masters',
      keys,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    });
    const use = {
      usage: 'client' as const,
      commonName: 'system:node:n1',
      organizations: ['system:nodes'],
      lifetime: DAY,
    };
    const certificate = new X509Certificate(await authority.signRequest(request.toString('pem'), use));
    expect(certificate.subject).toBe('CN=system:node:n1\nO=system:nodes');
  });
});
