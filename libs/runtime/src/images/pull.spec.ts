import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { digestOf } from '@gantry/oci';
import { openRuntime } from '../open-runtime';
import type { PullProgress, Runtime } from '../runtime';
import { chainIds, snapshotKey } from '../snapshots/chain-id';
import { gzipLayer, tarOf, type Entry } from '../testing/layers';
import { TinyRegistry } from '../testing/tiny-registry';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
let folder: string;
let registry: TinyRegistry;
let host: string;
let runtime: Runtime;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-pull-'));
  registry = new TinyRegistry();
  host = await registry.listen();
  runtime = await open();
});

afterEach(async () => {
  await runtime.close();
  await registry.close();
  await rm(folder, { recursive: true });
});

const open = () =>
  openRuntime({
    root: join(folder, 'root'),
    runDir: join(folder, 'run'),
    networkNamespaceDir: join(folder, 'netns'),
    cgroupParent: '/gantry-test-pull',
    layerLimits: { bytes: 64 * 2 ** 20, entries: 1000 },
    logger: silent,
  });

const snapshot = (diffIds: Parameters<typeof chainIds>[0], index: number) =>
  join(folder, 'root', 'snapshots', snapshotKey(chainIds(diffIds)[index]!));

const base: Entry[] = [
  { name: 'data/', type: 'directory', mode: 0o1777, uid: 7, gid: 8 },
  { name: 'data/old', content: 'old' },
  { name: 'hidden/', type: 'directory' },
];

it('unpacks layers with their whiteouts, owners and the look of directories below', async () => {
  const upper: Entry[] = [
    { name: 'data/.wh.old' },
    { name: 'data/new', content: 'new' },
    { name: 'hidden/.wh..wh..opq' },
  ];
  const layers = [await gzipLayer(base), await gzipLayer(upper)];
  registry.push('1', layers, {});
  const image = await runtime.images.pull(`${host}/app:1`);
  expect(image).toMatchObject({ names: [`${host}/app:1`], size: 6 });
  const top = snapshot(
    layers.map(({ diffId }) => diffId),
    1,
  );
  const [data, whiteout] = await Promise.all([stat(join(top, 'data')), stat(join(top, 'data/old'))]);
  expect([data.mode & 0o7777, data.uid, data.gid]).toEqual([0o1777, 7, 8]);
  expect([whiteout.isCharacterDevice(), whiteout.rdev]).toEqual([true, 0]);
  const opaque = execFileSync('python3', [
    '-c',
    `import os;print(os.getxattr("${join(top, 'hidden')}","trusted.overlay.opaque"))`,
  ]);
  expect(String(opaque)).toContain("b'y'");
});

it('takes zstd and plain layers', async () => {
  const tar = await tarOf(base);
  const zstd = execFileSync('zstd', ['-c'], { input: tar });
  registry.push(
    'zstd',
    [{ bytes: zstd, diffId: digestOf(tar), mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd' }],
    {},
  );
  const plain = await tarOf([...base, { name: 'more', content: 'x' }]);
  registry.push(
    'plain',
    [{ bytes: plain, diffId: digestOf(plain), mediaType: 'application/vnd.oci.image.layer.v1.tar' }],
    {},
  );
  expect((await runtime.images.pull(`${host}/app:zstd`)).size).toBe(3);
  expect((await runtime.images.pull(`${host}/app:plain`)).size).toBe(4);
});

const random = (bytes: number) => execFileSync('head', ['-c', String(bytes), '/dev/urandom'], { maxBuffer: 2 * bytes });

it('goes on where a broken connection, and a closed engine, ended', async () => {
  const layer = await gzipLayer([{ name: 'big', content: random(2 ** 20) }]);
  const [digest] = registry.push('1', [layer], {});
  registry.breakAfter.set(digest!, 300_000);
  const leave = new AbortController();
  const onProgress = ({ received }: PullProgress) => {
    if (received > 100_000) leave.abort(new Error('left'));
  };
  await expect(runtime.images.pull(`${host}/app:1`, { signal: leave.signal, onProgress })).rejects.toThrow('left');
  await runtime.close();
  runtime = await open();
  await runtime.images.pull(`${host}/app:1`);
  const asked = registry.requests.filter((request) => request.includes(digest!));
  expect(asked.at(-1)).toMatch(/bytes=[1-9]\d+-$/);
});

it('fetches once what several pulls want', async () => {
  const layers = [await gzipLayer([{ name: 'big', content: random(2 ** 20) }]), await gzipLayer(base)];
  const [digest] = registry.push('1', layers, {});
  const leave = new AbortController();
  const leaving = runtime.images.pull(`${host}/app:1`, { signal: leave.signal });
  const staying = [1, 2, 3].map(() => runtime.images.pull(`${host}/app:1`));
  while (!registry.requests.some((request) => request.includes(digest!))) await delay(1);
  leave.abort(new Error('left'));
  await expect(leaving).rejects.toThrow('left');
  await Promise.all(staying);
  expect(registry.requests.filter((request) => request.includes(digest!))).toHaveLength(1);
});

it('reports progress to its end', async () => {
  registry.push('1', [await gzipLayer(base)], {});
  const states: string[] = [];
  await runtime.images.pull(`${host}/app:1`, { onProgress: ({ state }) => states.push(state) });
  expect([...new Set(states)]).toEqual(['waiting', 'downloading', 'unpacking', 'done']);
});

it('refuses corrupt content, keeps nothing of it, and succeeds once it is right', async () => {
  const layer = await gzipLayer(base);
  const [digest] = registry.push('1', [layer], {});
  registry.corrupt(digest!);
  await expect(runtime.images.pull(`${host}/app:1`)).rejects.toThrow(/failed to pull/);
  expect(await runtime.images.list()).toEqual([]);
  expect(await readdir(join(folder, 'root', 'staging'))).toEqual([]);
  registry.push('1', [layer], {});
  await expect(runtime.images.pull(`${host}/app:1`)).resolves.toMatchObject({ size: 3 });
});

it.each([
  ['a path out of the layer', [{ name: '../evil', content: 'x' }], /leads out of the layer/],
  [
    'a path behind a link that leads out',
    [
      { name: 'out', type: 'symlink', linkname: '/tmp' },
      { name: 'out/evil', content: 'x' },
    ],
    /lies behind the link/,
  ],
  [
    'a hard link behind such a link',
    [
      { name: 'out', type: 'symlink', linkname: '../..' },
      { name: 'h', type: 'link', linkname: 'out/etc/passwd' },
    ],
    /lies behind the link/,
  ],
  ['a whiteout of its own directory', [{ name: 'a/.wh...', content: '' }], /whiteout of/],
  ['too many entries', Array.from({ length: 1001 }, (_, i) => ({ name: `f${i}` })), /more than 1000 entries/],
  ['too many bytes', [{ name: 'bomb', content: Buffer.alloc(65 * 2 ** 20) }], /more than \d+ bytes/],
] as [string, Entry[], RegExp][])('refuses a layer with %s', async (_what, entries, message) => {
  registry.push('1', [await gzipLayer(entries)], {});
  await expect(runtime.images.pull(`${host}/app:1`)).rejects.toThrow(message);
  expect(await runtime.images.list()).toEqual([]);
  expect(await readdir(join(folder, 'root', 'staging'))).toEqual([]);
});

it.each([
  ['an unknown tag', () => `${host}/app:none`, /manifest unknown/],
  ['a registry that does not answer', () => '127.0.0.1:1/app:1', /127\.0\.0\.1:1.*ECONNREFUSED/],
  ['what is no reference', () => 'UPPER:::', /invalid image reference/],
])('says what is wrong with %s', async (_what, reference, message) => {
  await expect(runtime.images.pull(reference())).rejects.toThrow(message);
});

it('moves a name to its new image, and removes what only the old one needed', async () => {
  const shared = await gzipLayer(base);
  const first = [shared, await gzipLayer([{ name: 'a', content: 'a' }])];
  const second = [shared, await gzipLayer([{ name: 'b', content: 'b' }])];
  registry.push('1', first, {});
  const old = await runtime.images.pull(`${host}/app:1`);
  registry.push('1', second, {});
  const current = await runtime.images.pull(`${host}/app:1`);
  expect((await runtime.images.get(old.id))?.names).toEqual([]);
  await runtime.images.remove(old.id);
  expect(
    existsSync(
      snapshot(
        first.map(({ diffId }) => diffId),
        1,
      ),
    ),
  ).toBe(false);
  expect(
    existsSync(
      snapshot(
        second.map(({ diffId }) => diffId),
        1,
      ),
    ),
  ).toBe(true);
  expect(await runtime.images.get(`${host}/app:1`)).toEqual(current);
  await runtime.images.remove(`${host}/app:1`);
  expect(await readdir(join(folder, 'root', 'content', 'sha256'))).toEqual([]);
});
