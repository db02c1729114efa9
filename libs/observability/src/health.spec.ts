import { Health } from './health';

describe('Health', () => {
  it('answers ok while all checks pass', async () => {
    const health = new Health().add('etcd', () => undefined);
    expect(await health.report('readyz')).toEqual({ healthy: true, text: 'ok' });
    expect((await health.report('readyz', { verbose: true })).text).toBe(
      '[+]ping ok\n[+]etcd ok\nreadyz check passed\n',
    );
  });

  it('lists every check once one fails', async () => {
    const health = new Health()
      .add('etcd', () => Promise.reject(new Error('no leader')))
      .add('caches', () => undefined);
    expect(await health.report('readyz')).toEqual({
      healthy: false,
      text: '[+]ping ok\n[-]etcd failed: no leader\n[+]caches ok\nreadyz check failed\n',
    });
  });

  it('keeps a passing trouble out of livez, and leaves out what the caller excludes', async () => {
    const health = new Health().add('etcd', () => {
      throw new Error('no leader');
    });
    expect((await health.report('livez')).healthy).toBe(true);
    expect((await health.report('readyz', { exclude: ['etcd'] })).healthy).toBe(true);
  });
});
