import { readBody, readPatchType } from './body';

const yaml = 'application/yaml';

describe('readBody', () => {
  it.each([
    ['{"a":[1]}', 'application/json; charset=utf-8', { a: [1] }],
    ['{"a":1}', undefined, { a: 1 }],
    ['a: &x {b: 1}\nc: *x\n', yaml, { a: { b: 1 }, c: { b: 1 } }],
    ['', 'application/json', undefined],
  ])('reads %j as %s', (text, type, value) => {
    expect(readBody(Buffer.from(text), type)?.value).toEqual(value);
  });

  it.each([
    ['{', 'application/json', "couldn't parse the body as JSON"],
    ['a: [', yaml, 'error converting YAML to JSON'],
    ['a: 1\na: 2', yaml, 'error converting YAML to JSON'],
    ['x', 'text/plain', 'unknown format'],
    ['['.repeat(1000) + ']'.repeat(1000), 'application/json', 'nested deeper than'],
  ])('refuses %.20j as %s', (text, type, message) => {
    expect(() => readBody(Buffer.from(text), type)).toThrow(message);
  });

  it('tells which fields are given twice', () => {
    expect(readBody(Buffer.from('{"spec":{"a":1,"a":2}}'), undefined)).toEqual({
      value: { spec: { a: 2 } },
      duplicates: ['spec.a'],
    });
  });

  it('refuses aliases that multiply', () => {
    const bomb = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`).join('\n');
    expect(() => readBody(Buffer.from(`a0: &a0 [x]\n${bomb}`), yaml)).toThrow('error converting YAML to JSON');
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => readBody(Buffer.from([0x22, 0xff, 0x22]), 'application/json')).toThrow('not valid UTF-8');
  });
});

it.each([
  ['application/json-patch+json', 'json'],
  ['application/strategic-merge-patch+json; charset=utf-8', 'strategic'],
])('%s is a %s patch', (type, patch) => {
  expect(readPatchType(type)).toBe(patch);
  expect(() => readPatchType('application/json')).toThrow('application/merge-patch+json');
});
