import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  command,
  ensureLan,
  findHost,
  isAlive,
  linkExists,
  onHost,
  powerOff,
  powerOn,
  removeLan,
  until,
  type HostSpec,
  type Lan,
} from '.';

const lan: Lan = { bridge: 'gt-spec0', address: '10.79.0.1', prefixLength: 24, ranges: ['10.79.0.0/16'] };

describe('hosts on one machine', () => {
  let folder: string;
  const spec = (name: string, last: number): HostSpec => ({
    name,
    address: `10.79.0.${last}`,
    lan,
    folder: join(folder, name),
    cgroup: `/gantry-spec/${name}`,
  });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gantry-hosts-'));
    await ensureLan(lan);
  });

  afterAll(async () => {
    await powerOff(spec('spec-a', 11));
    await powerOff(spec('spec-b', 12));
    await removeLan(lan);
    await rm(folder, { recursive: true });
    expect(await linkExists(lan.bridge)).toBe(false);
  });

  it('see their own processes and name, and reach each other', async () => {
    const a = await powerOn(spec('spec-a', 11));
    await powerOn(spec('spec-b', 12));
    const [nsenter, ...args] = onHost(a, [
      'sh',
      '-c',
      'hostname; ls -d /proc/[0-9]* | wc -l; ip -json route get 10.79.0.12',
    ]);
    const [name, processes, route] = (await command(nsenter!, args)).split('\n');
    expect(name).toBe('spec-a');
    expect(Number(processes)).toBeLessThan(8);
    expect(JSON.parse(route!)).toMatchObject([{ dev: 'eth0' }]);
  });

  it('are adopted when switched on twice', async () => {
    const first = await powerOn(spec('spec-a', 11));
    expect(await powerOn(spec('spec-a', 11))).toEqual(first);
  });

  it('die at once with everything they run, and come back', async () => {
    const first = await powerOn(spec('spec-a', 11));
    process.kill(first.pid, 'SIGKILL');
    await until('the host to die', 5000, () => !isAlive(first));
    expect(await findHost(spec('spec-a', 11))).toBeUndefined();
    const second = await powerOn(spec('spec-a', 11));
    expect(isAlive(second)).toBe(true);
    expect(second.pid).not.toBe(first.pid);
  });
});
