import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { registerWithClassValidator } from './register';
import { decodeOptions } from '../decode';
import { Amount, Bool, Int, IntOrString, ListOf, Num, Obj, Str } from '../fields';
import { checkFields } from '../validation';

class Part {
  @Str({ doc: 'Name.', format: 'dnsLabel', maxLength: 5 }) name!: string;
  @Int({ doc: 'Port.', optional: true, min: 1, max: 65535 }) port?: number;
}

class Widget {
  @Str({ doc: 'Colour.', enum: ['red', 'blue'] }) colour!: 'red' | 'blue';
  @Str({ doc: 'Code.', optional: true, pattern: /^[A-Z]+$/, minLength: 2 }) code?: string;
  @Int({ doc: 'Count.', min: 0 }) count!: number;
  @Num({ doc: 'Ratio.', optional: true, max: 1 }) ratio?: number;
  @Bool({ doc: 'Held.', optional: true }) paused?: boolean;
  @Amount({ doc: 'Size.', optional: true }) size?: string;
  @IntOrString({ doc: 'Target.', optional: true }) target?: number | string;
  @ListOf('string', { doc: 'Words.', optional: true, enum: ['a', 'b'], maxItems: 2 }) words?: ('a' | 'b')[];
  @ListOf(() => Part, { doc: 'Parts.' }) parts!: Part[];
  @Obj(() => Part, { doc: 'The main part.', optional: true }) main?: Part;
}

/** Values that fit, values that nearly do, and values of another type. */
const oneOf = (...values: unknown[]) => fc.constantFrom(...values);
const part = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      { name: oneOf('a', 'abc', '', 'A', 'abcdef', 1), port: oneOf(1, 0, 80, 1.5, 'x') },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: oneOf('x', 1, []) },
);
const goodPart = fc.record({ name: oneOf('a', 'abc'), port: oneOf(1, 80) }, { requiredKeys: ['name'] });
const parts = fc.oneof(fc.array(goodPart, { maxLength: 2 }), fc.array(part, { maxLength: 2 }), oneOf({}));
const values: Record<keyof Widget, fc.Arbitrary<unknown>> = {
  colour: oneOf('red', 'blue', 'green', '', 1, undefined),
  code: oneOf('AB', 'A', 'ab', '', 7),
  count: oneOf(0, 1, -1, 2 ** 31, '1', undefined),
  ratio: oneOf(0.5, 1, 2, '1'),
  paused: oneOf(true, false, 'true'),
  size: oneOf('1', '500m', '1Gi', 'x', 2),
  target: oneOf(80, 'http', 1.5, true),
  words: oneOf(['a'], [], ['a', 'b'], ['c'], ['a', 'a', 'b'], 'a', [1]),
  parts,
  main: fc.oneof(goodPart, part),
};
const change = fc.oneof(...Object.entries(values).map(([name, value]) => value.map((to) => ({ [name]: to }))));
const widget = fc
  .array(change, { maxLength: 3 })
  .map((changes) => Object.assign({ colour: 'red', count: 1, parts: [{ name: 'a' }] }, ...changes) as object);

function weAccept(value: unknown): boolean {
  try {
    return checkFields(Widget, decodeOptions(Widget, value).object).length === 0;
  } catch {
    return false;
  }
}

function classValidatorAccepts(value: unknown): boolean {
  return validateSync(plainToInstance(Widget, value) as object, { forbidUnknownValues: false }).length === 0;
}

it('agrees with class-validator on what is accepted', async () => {
  await registerWithClassValidator(Widget);
  let accepted = 0;
  fc.assert(
    fc.property(widget, (value) => {
      const ours = weAccept(value);
      if (ours) accepted++;
      expect({ value, accepted: classValidatorAccepts(value) }).toEqual({ value, accepted: ours });
    }),
    { numRuns: 1000 },
  );
  expect(accepted).toBeGreaterThan(100);
});
