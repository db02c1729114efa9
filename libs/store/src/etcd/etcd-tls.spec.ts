import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEtcd, type TestEtcd } from '@gantry/testing';
import { StoreUnavailable } from '../store';
import { EtcdStore } from './etcd-store';

describe('EtcdStore over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'etcd-tls-'));
  const file = (name: string) => join(folder, name);
  const openssl = (...parts: string[]) => execFileSync('openssl', parts, { cwd: folder, stdio: 'pipe' });
  let etcd: TestEtcd;

  beforeAll(async () => {
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    openssl('req', '-x509', ...ec, '-subj', '/CN=ca', '-keyout', 'ca.key', '-out', 'ca.pem');
    openssl('req', ...ec, '-subj', '/CN=gantry', '-keyout', 'key.pem', '-out', 'request.pem');
    writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n');
    // prettier-ignore
    openssl('x509', '-req', '-in', 'request.pem', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-out', 'cert.pem');
    etcd = await startEtcd({ tls: { ca: file('ca.pem'), cert: file('cert.pem'), key: file('key.pem') } });
  }, 20_000);
  afterAll(async () => {
    await etcd.close();
    rmSync(folder, { recursive: true });
  });

  it('reads and writes with a client certificate', async () => {
    const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readFileSync(file(name)));
    const store = new EtcdStore({ endpoints: [etcd.endpoint], tls: { ca: ca!, cert, key } });
    await store.commit([{ type: 'put', key: '/tls', value: Buffer.from('x') }]);
    expect((await store.get('/tls'))!.value.toString()).toBe('x');
    store.close();
  });

  it('gets nowhere without one', async () => {
    const ca = readFileSync(file('ca.pem'));
    const store = new EtcdStore({ endpoints: [etcd.endpoint], tls: { ca }, timeout: 1000 });
    await expect(store.get('/tls')).rejects.toThrow(StoreUnavailable);
    store.close();
  });
});
