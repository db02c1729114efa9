import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { packLayer, type LayerEntry } from './layer';

const list = (bytes: Buffer): string[] =>
  execFileSync('tar', ['-tvz', '--numeric-owner'], { input: bytes, encoding: 'utf8', env: { TZ: 'UTC' } })
    .trim()
    .split('\n')
    .map((line) => line.replace(/ +/g, ' ').replace(' 1970-01-01 00:00', ''));

const entries: LayerEntry[] = [
  { path: '/usr/bin/tool', type: 'file', mode: 0o4755, content: Buffer.from('tool') },
  { path: '/bin', type: 'symlink', target: 'usr/bin' },
  { path: '/tmp', type: 'directory', mode: 0o1777 },
  { path: '/data', type: 'directory', mode: 0o700, uid: 999, gid: 998 },
];

describe('packLayer', () => {
  it('writes owners as numbers, no times, and the folders that are implied', async () => {
    expect(list((await packLayer(entries)).bytes)).toEqual([
      'lrwxrwxrwx 0/0 0 bin -> usr/bin',
      'drwx------ 999/998 0 data/',
      'drwxrwxrwt 0/0 0 tmp/',
      'drwxr-xr-x 0/0 0 usr/',
      'drwxr-xr-x 0/0 0 usr/bin/',
      '-rwsr-xr-x 0/0 4 usr/bin/tool',
    ]);
  });

  it('gives the same layer whatever the order', async () => {
    const { descriptor } = await packLayer(entries);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(entries, { minLength: entries.length }), async (shuffled) => {
        expect((await packLayer(shuffled)).descriptor).toEqual(descriptor);
      }),
      { numRuns: 20 },
    );
  });

  it('lets the last mention of a path count', async () => {
    const again: LayerEntry = { path: '/tmp', type: 'directory', mode: 0o755 };
    expect(list((await packLayer([...entries, again])).bytes)).toContain('drwxr-xr-x 0/0 0 tmp/');
  });
});
