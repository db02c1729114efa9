import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKubeconfig } from './kubeconfig';

const CONFIG = `
apiVersion: v1
kind: Config
current-context: admin
contexts:
- {name: admin, context: {cluster: here, user: admin, namespace: shop}}
- {name: robot, context: {cluster: here, user: robot}}
- {name: broken, context: {cluster: elsewhere, user: robot}}
clusters:
- name: here
  cluster: {server: "https://127.0.0.1:6443", certificate-authority: ca.pem}
users:
- name: admin
  user: {client-certificate-data: ${Buffer.from('cert').toString('base64')}, client-key-data: ${Buffer.from('key').toString('base64')}}
- name: robot
  user: {tokenFile: token}
`;

describe('readKubeconfig', () => {
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
    path = join(folder, 'config');
    await writeFile(path, CONFIG);
    await writeFile(join(folder, 'ca.pem'), 'ca');
    await writeFile(join(folder, 'token'), 'secret\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('gives server, certificates and namespace of the current context', async () => {
    expect(await readKubeconfig(path)).toMatchObject({
      server: 'https://127.0.0.1:6443',
      ca: Buffer.from('ca'),
      cert: Buffer.from('cert'),
      key: Buffer.from('key'),
      namespace: 'shop',
    });
  });

  it('gives the token of another context', async () => {
    expect(await readKubeconfig(path, 'robot')).toMatchObject({ token: 'secret', cert: undefined });
  });

  it.each([
    ['nothing', 'has no context "nothing"'],
    ['broken', 'has no cluster "elsewhere"'],
  ])('names what is missing for the context %s', async (context, message) => {
    await expect(readKubeconfig(path, context)).rejects.toThrow(message);
  });
});
