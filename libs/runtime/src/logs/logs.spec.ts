import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { systemClock } from '@gantry/base';
import type { LogOptions } from '../runtime';
import { LineSplitter, parseLogLine } from './k8s-file';
import { readLogs } from './read-logs';
import { rotateWhenFull, rotatedPath } from './rotation';
import { findTail } from './tail';

const time = '2026-11-21T01:02:03.123456789+00:00';
const line = (content: string, tag = 'F', at = time) => `${at} stdout ${tag} ${content}\n`;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-logs-'));
  path = join(folder, 'log');
});
afterEach(() => rm(folder, { recursive: true }));

const read = async (options: LogOptions) => {
  const lines: string[] = [];
  const source = { path, clock: systemClock, ended: () => Promise.resolve() };
  for await (const { bytes } of readLogs(source, options)) lines.push(bytes.toString());
  return lines;
};

describe('a line', () => {
  it.each([
    ['whole', line('hello world'), { stream: 'stdout', time, bytes: Buffer.from('hello world\n') }],
    ['partial', line('hel', 'P'), { stream: 'stdout', time, bytes: Buffer.from('hel') }],
    ['empty', line(''), { stream: 'stdout', time, bytes: Buffer.from('\n') }],
    ['no log line', 'garbage\n', undefined],
    ['of an unknown stream', `${time} other F x\n`, undefined],
  ])('that is %s', (_what, text, parsed) => {
    expect(parseLogLine(Buffer.from(text))).toEqual(parsed);
  });

  it('is found wherever the chunks are cut', () => {
    const texts = fc.array(fc.string().map((text) => text.replaceAll('\n', ' ')));
    fc.assert(
      fc.property(texts, fc.array(fc.nat(50)), (lines, sizes) => {
        const data = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const splitter = new LineSplitter();
        const found: string[] = [];
        for (let start = 0, i = 0; start < data.length; i++) {
          const size = 1 + (sizes[i % (sizes.length || 1)] ?? 0);
          found.push(...splitter.push(data.subarray(start, start + size)).map(String));
          start += size;
        }
        expect(found).toEqual(lines.map((text) => `${text}\n`));
      }),
    );
  });
});

it('finds the tail of a file of any length', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(3000), fc.boolean()), { maxLength: 120 }),
      fc.nat(130),
      async (parts, count) => {
        const lines = parts.map(([length, whole]) => line('x'.repeat(length), whole ? 'F' : 'P'));
        await writeFile(path, lines.join(''));
        const file = await open(path);
        const { offset, lines: found } = await findTail(file, count);
        await file.close();
        const rest = (await readFile(path, 'utf8')).slice(offset);
        const whole = (text: string) => text.split('\n').filter((each) => / F /.test(each)).length;
        const total = parts.filter(([, isWhole]) => isWhole).length;
        expect(found).toBe(Math.min(count, total));
        expect(whole(rest)).toBe(found);
        // Nothing of an asked-for line is cut off: before it stands the end of another, or nothing.
        if (total > count) expect(lines.join('').slice(0, offset)).toMatch(/ F x*\n$/);
      },
    ),
    { numRuns: 60 },
  );
});

describe('reading', () => {
  beforeEach(async () => {
    await writeFile(rotatedPath(path, 2), line('1'));
    await writeFile(rotatedPath(path, 1), line('2') + line('3', 'F', '2026-11-21T02:00:00.000000000+00:00'));
    await writeFile(
      path,
      line('4', 'P', '2026-11-21T03:00:00.000000000+00:00') + line('5', 'F', '2026-11-21T03:00:00.500000000+00:00'),
    );
  });

  it.each([
    [{}, ['1\n', '2\n', '3\n', '4', '5\n']],
    [{ tail: 2 }, ['3\n', '4', '5\n']],
    [{ tail: 0 }, []],
    [{ tail: 99 }, ['1\n', '2\n', '3\n', '4', '5\n']],
    [{ since: Date.parse('2026-11-21T02:00:00Z') }, ['3\n', '4', '5\n']],
    [{ until: Date.parse('2026-11-21T02:00:00Z') }, ['1\n', '2\n', '3\n']],
    [{ follow: true, tail: 1 }, ['4', '5\n']],
  ] as [LogOptions, string[]][])('with %j', async (options, lines) => {
    expect(await read(options)).toEqual(lines);
  });

  it('of a log that is not there has no lines', async () => {
    path = join(folder, 'none');
    expect(await read({ follow: true })).toEqual([]);
  });
});

it('follows through a rotation without losing a line, until the writer ends', async () => {
  await writeFile(path, line('1'));
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const lines: string[] = [];
  const reading = (async () => {
    for await (const { bytes } of readLogs({ path, clock: systemClock, ended: () => ended }, { follow: true })) {
      lines.push(bytes.toString());
      if (lines.length === 1) {
        // conmon writes on into the renamed file until it is told; the control pipe here is an ordinary file.
        const writer = await open(path, 'a');
        await writeFile(join(folder, 'ctl'), '');
        await rotateWhenFull({ path, maxBytes: 1, maxFiles: 3, control: join(folder, 'ctl') });
        await writer.write(line('2'));
        await writer.close();
        await writeFile(path, line('3'));
      }
      if (lines.length === 3) end();
    }
  })();
  await reading;
  expect(lines).toEqual(['1\n', '2\n', '3\n']);
  expect(await readFile(join(folder, 'ctl'), 'utf8')).toBe('2 0 0\n');
});
