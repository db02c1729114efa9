import fc from 'fast-check';
import { cloneJson, equalJson, parseJson } from '.';

describe('cloneJson', () => {
  it('copies any value to an equal one that shares nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const copy = cloneJson(value);
        expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
        if (typeof value === 'object' && value !== null) expect(copy).not.toBe(value);
      }),
    );
  });

  it('keeps a key called __proto__ a key', () => {
    const copy = cloneJson(JSON.parse('{"__proto__":{"x":1}}') as object);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(Object.keys(copy)).toEqual(['__proto__']);
  });
});

describe('equalJson', () => {
  it('holds between a value and its copy, and is symmetric', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(equalJson(a, cloneJson(a))).toBe(true);
        expect(equalJson(a, b)).toBe(equalJson(b, a));
      }),
    );
  });

  it.each([
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [{ a: 1 }, { a: 1, b: null }, false],
    [{ a: undefined }, { b: undefined }, true],
    [[1, 2], [2, 1], false],
    [[], {}, false],
    [{}, null, false],
    [1, '1', false],
  ])('%j and %j: %s', (a, b, same) => {
    expect(equalJson(a, b)).toBe(same);
  });
});

describe('parseJson', () => {
  it('returns what JSON.parse returns and finds no duplicates where there are none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(text)).toEqual({ value: JSON.parse(text), duplicates: [] });
      }),
    );
  });

  it.each([
    ['{"a":1,"a":2}', ['a']],
    ['{"spec":{"replicas":1, "x":"\\"", "replicas":2}}', ['spec.replicas']],
    ['{"c":[{"n":1},{"n":1,"n":2,"n":3}]}', ['c[1].n', 'c[1].n']],
    ['[[0,{"a b":":,{","a b":[]}]]', ['[0][1].a b']],
    ['{"a":"a","b":"a\\\\"}', []],
  ])('%s has duplicates %j', (text, duplicates) => {
    expect(parseJson(text).duplicates).toEqual(duplicates);
  });

  it('refuses nesting that would exhaust the stack of whoever walks it', () => {
    expect(() => parseJson('['.repeat(20_000) + ']'.repeat(20_000))).toThrow('max depth');
  });
});
