import * as names from '.';

describe.each<[string, names.NameRule, string[], [string, string][]]>([
  [
    'DNS label',
    names.isDnsLabel,
    ['a', 'my-name', '123-abc', 'x'.repeat(63)],
    [
      ['', "regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?'"],
      ['a.b', 'must not contain dots'],
      ['A', "(e.g. 'my-name',  or '123-abc', regex"],
      ['-a', 'RFC 1123 label'],
      ['x'.repeat(64), 'must be no more than 63 characters'],
    ],
  ],
  [
    'DNS subdomain',
    names.isDnsSubdomain,
    ['a', 'example.com', '1.2.3'],
    [
      ['a..b', 'RFC 1123 subdomain'],
      ['a_b', 'RFC 1123 subdomain'],
    ],
  ],
  ['DNS-1035 label', names.isDns1035Label, ['a1'], [['1a', 'DNS-1035 label']]],
  [
    'label value',
    names.isLabelValue,
    ['', 'A', 'a.b_c-d'],
    [['a b', "e.g. 'MyValue',  or 'my_value',  or '12345', regex"]],
  ],
  [
    'qualified name',
    names.isQualifiedName,
    ['app', 'example.com/app', 'A_b.C'],
    [
      ['', 'name part must be non-empty'],
      ['/x', 'prefix part must be non-empty'],
      ['UP/x', 'prefix part a lowercase RFC 1123 subdomain'],
      ['a/b/c', "with an optional DNS subdomain prefix and '/'"],
    ],
  ],
  [
    'config key',
    names.isConfigKey,
    ['a', '.hidden', 'A_B-c.d'],
    [
      ['..', "must not be '..'"],
      ['..a', "must not start with '..'"],
      ['a/b', 'a valid config key'],
    ],
  ],
  [
    'environment name',
    names.isEnvName,
    ['A', 'a b', '1x'],
    [
      ['A=B', "other than '='"],
      ['', 'must be non-empty'],
    ],
  ],
  [
    'port name',
    names.isPortName,
    ['http', 'a1'],
    [
      ['80', 'at least one letter'],
      ['a--b', 'consecutive hyphens'],
      ['-a', 'begin or end with a hyphen'],
      ['abcdefghijklmnop', 'no more than 15'],
    ],
  ],
])('%s', (_, rule, allowed, refused) => {
  it.each(allowed)('allows %j', (value) => {
    expect(rule(value)).toEqual([]);
  });
  it.each(refused)('refuses %j: %s', (value, reason) => {
    expect(rule(value).join('; ')).toContain(reason);
  });
});
