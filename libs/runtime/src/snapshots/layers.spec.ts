import fc from 'fast-check';
import { digestOf, type Digest } from '@gantry/oci';
import { tarOf, type Entry } from '../testing/layers';
import { chainIds } from './chain-id';
import { LayerFilter } from './layer-filter';
import { cleanPath, LayerPlan } from './layer-plan';
import { BLOCK, InvalidLayer, parsePax } from './tar-header';

const limits = { bytes: 2 ** 20, entries: 100 };

const filtered = (tar: Buffer, cuts: number[] = []) => {
  const plan = new LayerPlan();
  const filter = new LayerFilter(plan, limits);
  const ends = [...cuts.map((cut) => cut % (tar.length + 1)).sort((a, b) => a - b), tar.length];
  const out = ends.flatMap((end, i) => filter.push(tar.subarray(ends[i - 1] ?? 0, end)));
  filter.finish();
  return { plan, bytes: filter.bytes, tar: Buffer.concat(out.map((part) => Buffer.from(part))) };
};

describe('chain ids', () => {
  const diff = (text: string): Digest => digestOf(text);

  it('of one layer is its own digest; of more, the digest of both (OCI image spec)', () => {
    const [a, b] = [diff('a'), diff('b')];
    expect(chainIds([a, b])).toEqual([a, digestOf(`${a} ${b}`)]);
    expect(chainIds([])).toEqual([]);
  });

  it('depends on every layer below', () => {
    expect(chainIds([diff('a'), diff('c')])[1]).not.toBe(chainIds([diff('b'), diff('c')])[1]);
  });
});

describe('paths of entries', () => {
  it.each([
    ['./a/b', 'a/b'],
    ['/a//b/', 'a/b'],
    ['./', ''],
    ['a/..b', 'a/..b'],
  ])('%s is %s', (name, path) => {
    expect(cleanPath(name)).toBe(path);
  });

  it('never lead out, whatever the name', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '', '...', '..a'), fc.string());
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        try {
          const path = cleanPath(parts.join('/'));
          expect(path.split('/')).not.toContain('..');
          expect(path.startsWith('/')).toBe(false);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidLayer);
        }
      }),
    );
  });
});

describe('the filter', () => {
  const name = fc
    .array(fc.constantFrom('a', 'b', 'c', 'ä', 'x'.repeat(120)), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'));
  const files = fc.uniqueArray(fc.record({ name, content: fc.string({ maxLength: 2000 }) }), {
    maxLength: 8,
    selector: (file) => file.name,
  });

  it('lets an ordinary layer pass as it is, however it is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.array(fc.nat(100_000), { maxLength: 12 }), async (entries, cuts) => {
        const tar = await tarOf(entries);
        const result = filtered(tar, cuts);
        expect(result.tar.equals(tar)).toBe(true);
        expect(result.bytes).toBe(entries.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0));
      }),
      { numRuns: 50 },
    );
  });

  it('takes whiteouts out and remembers them', async () => {
    const entries: Entry[] = [
      { name: 'd/.wh.gone', content: 'ignored' },
      { name: 'd/keep', content: 'x' },
      { name: 'e/.wh..wh..opq' },
      { name: 'd/.wh..wh.plnk' },
    ];
    const { plan, tar } = filtered(await tarOf(entries));
    expect(tar.equals(await tarOf([{ name: 'd/keep', content: 'x' }]))).toBe(true);
    expect([plan.whiteouts, plan.opaque]).toEqual([['d/gone'], ['e']]);
    expect(plan.implicitDirectories()).toEqual(['d', 'e']);
  });

  it.each([
    ['cut in content', (tar: Buffer) => tar.subarray(0, BLOCK + 10), /ends in the middle/],
    ['damaged', (tar: Buffer) => Buffer.from(tar).fill(0x39, 124, 130), /wrong checksum/],
  ])('refuses a layer that is %s', async (_what, damage, message) => {
    const tar = await tarOf([{ name: 'a', content: 'x'.repeat(600) }]);
    expect(() => filtered(damage(tar))).toThrow(message);
  });

  it('fails in one way only, whatever comes', async () => {
    const tar = await tarOf([
      { name: `long/${'n'.repeat(150)}`, content: 'x' },
      { name: 'b', type: 'symlink', linkname: 'a' },
    ]);
    const bytes = fc.array(fc.tuple(fc.nat(tar.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(bytes, (changes) => {
        const damaged = Buffer.from(tar);
        for (const [at, byte] of changes) damaged[at] = byte;
        try {
          filtered(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidLayer);
        }
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        try {
          parsePax(Buffer.from(data));
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidLayer);
        }
      }),
    );
  });
});
