import { createLogger } from './logger';

function capture() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { lines, log: createLogger({ component: 'agent', level: 'debug', destination }) };
}

describe('the logger', () => {
  it('writes component, scope, level and fields as JSON', () => {
    const { lines, log } = capture();
    log.child({ scope: 'pods' }).warn({ pod: 'default/front' }, 'could not start');
    expect(lines[0]).toMatchObject({
      level: 'warn',
      component: 'agent',
      scope: 'pods',
      pod: 'default/front',
      msg: 'could not start',
    });
    expect(String(lines[0]!['time'])).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('writes out errors with their stack', () => {
    const { lines, log } = capture();
    log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
    expect(JSON.stringify(lines[0])).toContain('inner');
  });

  it.each([
    [{ token: 's3cr3t' }],
    [{ request: { authorization: 'Bearer s3cr3t' } }],
    [{ options: { auth: { password: 's3cr3t' } } }],
    [{ headers: { cookie: 's3cr3t' } }],
  ])('keeps secrets out: %j', (fields) => {
    const { lines, log } = capture();
    log.info(fields, 'request');
    expect(JSON.stringify(lines)).not.toContain('s3cr3t');
  });
});
