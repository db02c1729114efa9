import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSettings, settingsUsage } from './settings';

const folder = mkdtempSync(join(tmpdir(), 'gantry-settings-'));
const ca = join(folder, 'ca.crt');
writeFileSync(ca, 'PEM');
writeFileSync(join(folder, 'token'), 'secret\n');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const required = ['--server=a:1', `--ca=${ca}`, '--host-address=10.0.0.7'];

describe('settings', () => {
  it('needs little, and knows the rest', () => {
    const settings = parseSettings([...required, '--server=b:2', `--token-file=${join(folder, 'token')}`, '--cpu=1.5']);
    expect(settings).toMatchObject({
      servers: ['a:1', 'b:2'],
      token: 'secret',
      certificateAuthority: 'PEM',
      cpu: '1500m',
      maxPods: 110,
      ociRuntime: 'auto',
      containerLog: { maxBytes: 10 * 2 ** 20, maxFiles: 5 },
    });
  });

  it.each([
    [[`--ca=${ca}`, '--host-address=x'], '--server is required'],
    [['--server=a:1', '--host-address=x'], '--ca is required'],
    [[...required, '--runtime=docker'], '--runtime: "docker" is not one of auto, crun, runc'],
    [[...required, '--memory=much'], '--memory: "much" is not a quantity'],
    [[...required, '--max-pods=many'], '--max-pods: "many" is not a whole number'],
  ])('refuses %j', (argv, message) => {
    expect(() => parseSettings(argv)).toThrow(message);
  });

  it('explains every flag', () => {
    expect(settingsUsage()).toContain('--pod-network');
  });
});
