import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigMap, Pod, Secret } from '@gantry/api';
import { PodPaths } from '../pod-paths';
import { writePayload } from './atomic-writer';
import { checkHostPath } from './host-path';
import { kernelMounts, type MountTable } from './mount-table';
import { volumePayload, type Payload } from './payload';
import { PodVolumes } from './pod-volumes';
import { pinSubPath } from './sub-path';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-volumes-'));
});

afterEach(async () => {
  for (const point of await kernelMounts.below(folder)) await kernelMounts.unmount(point);
  await rm(folder, { recursive: true });
});

const payload = (files: Record<string, string>, mode = 0o644): Payload =>
  new Map(Object.entries(files).map(([path, text]) => [path, { data: Buffer.from(text), mode }]));

const visible = async (): Promise<string[]> => (await readdir(folder)).filter((name) => !name.startsWith('..'));

describe('writePayload', () => {
  it('shows the files, replaces them at once, and forgets those that are gone', async () => {
    await writePayload(folder, payload({ a: '1', 'sub/b': '2' }));
    const before = await readlink(join(folder, '..data'));
    expect([await readFile(join(folder, 'a'), 'utf8'), await readFile(join(folder, 'sub/b'), 'utf8')]).toEqual([
      '1',
      '2',
    ]);
    await writePayload(folder, payload({ a: '3' }));
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('3');
    expect(await visible()).toEqual(['a']);
    expect(await readdir(folder)).not.toContain(before);
  });

  it('writes nothing when nothing differs', async () => {
    await writePayload(folder, payload({ a: '1' }));
    const before = await readlink(join(folder, '..data'));
    await writePayload(folder, payload({ a: '1' }));
    expect(await readlink(join(folder, '..data'))).toBe(before);
    await writePayload(folder, payload({ a: '1' }, 0o600));
    expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o600);
  });

  it('goes on after a process that died in the middle', async () => {
    await writePayload(folder, payload({ a: '1' }));
    await symlink('..gone', join(folder, '..data_new'));
    await mkdir(join(folder, '..half'));
    await writePayload(folder, payload({ a: '2' }));
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('2');
    expect(await readdir(folder)).toHaveLength(3);
  });

  it.each(['../x', 'a/../../x', '..data', '/etc/x', ''])('refuses the path %j', async (path) => {
    await expect(writePayload(folder, payload({ [path]: '1' }))).rejects.toThrow('invalid path');
  });
});

describe('volumePayload', () => {
  const pod = { metadata: { name: 'p', labels: { app: 'x' } }, spec: { containers: [] } } as unknown as Pod;
  const facts = { pod, node: { name: 'n', ip: '', allocatable: {} } };
  const references = {
    configMap: (name: string) => (name === 'c' ? ({ data: { a: '1', b: '2' } } as unknown as ConfigMap) : undefined),
    secret: (name: string) => (name === 's' ? ({ data: { k: 'aHVzaA==' } } as unknown as Secret) : undefined),
  };
  const files = (volume: object): Record<string, string> => {
    const found = volumePayload({ name: 'v', ...volume }, facts, references)!;
    return Object.fromEntries(
      [...found].map(([path, { data, mode }]) => [path, `${data.toString()} ${mode.toString(8)}`]),
    );
  };

  it.each([
    [{ configMap: { name: 'c' } }, { a: '1 644', b: '2 644' }],
    [{ configMap: { name: 'c', defaultMode: 0o400, items: [{ key: 'a', path: 'x/y' }] } }, { 'x/y': '1 400' }],
    [{ configMap: { name: 'none', optional: true } }, {}],
    [{ secret: { secretName: 's', items: [{ key: 'k', path: 'k', mode: 0o600 }] } }, { k: 'hush 600' }],
    [{ downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } }, { l: 'app="x" 644' }],
    [
      { projected: { sources: [{ configMap: { name: 'c' } }, { secret: { name: 's' } }], defaultMode: 0o440 } },
      { a: '1 440', b: '2 440', k: 'hush 440' },
    ],
  ])('%j', (volume, expected) => {
    expect(files(volume)).toEqual(expected);
  });

  it.each([
    [{ configMap: { name: 'none' } }, 'configmap "none" not found'],
    [{ secret: { secretName: 's', items: [{ key: 'z', path: 'z' }] } }, 'references non-existent secret key: z'],
    [{ projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }, 'serviceAccountToken are not supported'],
  ])('says what is wrong with %j', (volume, message) => {
    expect(() => files(volume)).toThrow(message);
  });
});

describe('pinSubPath', () => {
  it('mounts what lies in the volume, making folders that are missing', async () => {
    await mkdir(join(folder, 'v'));
    await pinSubPath(join(folder, 'v'), 'new/deep', join(folder, 'pins', '0'), kernelMounts);
    await writeFile(join(folder, 'pins/0/f'), 'x');
    expect(await readFile(join(folder, 'v/new/deep/f'), 'utf8')).toBe('x');
  });

  it('follows links that stay in the volume', async () => {
    await writePayload(join(folder, 'v'), payload({ a: '1' }));
    await pinSubPath(join(folder, 'v'), 'a', join(folder, 'pins', '0'), kernelMounts);
    expect(await readFile(join(folder, 'pins/0'), 'utf8')).toBe('1');
  });

  it.each([
    ['..', 'leaves its volume'],
    ['out', 'leaves its volume'],
    ['out/secret', 'leaves its volume'],
    ['dangling/x', 'symbolic link'],
  ])('refuses %s', async (subPath, message) => {
    await mkdir(join(folder, 'v'));
    await mkdir(join(folder, 'outside/secret'), { recursive: true });
    await symlink(join(folder, 'outside'), join(folder, 'v/out'));
    await symlink('/nonexistent', join(folder, 'v/dangling'));
    const pin = pinSubPath(join(folder, 'v'), subPath, join(folder, 'pins', '0'), kernelMounts);
    await expect(pin).rejects.toThrow(message);
    expect(await kernelMounts.below(folder)).toEqual([]);
  });
});

describe('PodVolumes', () => {
  const pod = (volumes: object[]): Pod => ({ metadata: { name: 'p', uid: 'u' }, spec: { volumes } }) as unknown as Pod;
  const facts = (volumes: object[]) => ({ pod: pod(volumes), node: { name: 'n', ip: '', allocatable: {} } });
  const nothing = { configMap: () => undefined, secret: () => undefined };

  it('makes folders in memory of the size asked for, and takes them away', async () => {
    const volumes = new PodVolumes(new PodPaths(join(folder, 'data'), join(folder, 'run')), kernelMounts);
    const wanted = facts([{ name: 'm', emptyDir: { medium: 'Memory', sizeLimit: '64Ki' } }]);
    await volumes.mount(wanted, nothing);
    await volumes.mount(wanted, nothing);
    const place = volumes.source(wanted.pod, wanted.pod.spec.volumes![0]!);
    expect((await stat(place)).mode & 0o777).toBe(0o777);
    await expect(writeFile(join(place, 'big'), Buffer.alloc(2 ** 17))).rejects.toThrow('ENOSPC');
    await volumes.unmount('u');
    expect(await kernelMounts.below(folder)).toEqual([]);
    await expect(stat(place)).rejects.toThrow('ENOENT');
  });

  it('never deletes through a mount that stays', async () => {
    const stuck: MountTable = { ...kernelMounts, unmount: () => Promise.resolve() };
    const paths = new PodPaths(join(folder, 'data'), join(folder, 'run'));
    await mkdir(join(folder, 'theirs'));
    await writeFile(join(folder, 'theirs/precious'), 'x');
    await mkdir(join(paths.pod('u'), 'volumes/v'), { recursive: true });
    await kernelMounts.bind(join(folder, 'theirs'), join(paths.pod('u'), 'volumes/v'));
    await expect(new PodVolumes(paths, stuck).unmount('u')).rejects.toThrow('still mounted');
    expect(await readFile(join(folder, 'theirs/precious'), 'utf8')).toBe('x');
  });

  it('says which volume is at fault', async () => {
    const volumes = new PodVolumes(new PodPaths(join(folder, 'data'), join(folder, 'run')), kernelMounts);
    const mount = volumes.mount(facts([{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }]), nothing);
    await expect(mount).rejects.toThrow('MountVolume.SetUp failed for volume "v"');
  });
});

describe('checkHostPath', () => {
  it('makes what may be made and refuses what is something else', async () => {
    await checkHostPath({ path: join(folder, 'd/e'), type: 'DirectoryOrCreate' });
    await checkHostPath({ path: join(folder, 'f'), type: 'FileOrCreate' });
    await expect(checkHostPath({ path: join(folder, 'f'), type: 'Directory' })).rejects.toThrow('is not a directory');
    await expect(checkHostPath({ path: join(folder, 'none'), type: 'File' })).rejects.toThrow('is not a file');
  });
});
