import { AnyJson, fieldsOf, Int, IntOrString, ListOf, MapOf, Obj, Schema, schemaName, Str } from '.';

class Base {
  @Str({ doc: 'Name.' }) name!: string;
  @Str({ doc: 'Note.', optional: true }) note?: string;
}

@Schema({ name: 'Renamed' })
class Part extends Base {
  @Int({ doc: 'Count.', default: 1 }) count!: number;
  @Str({ doc: 'Set by the server.', filled: true }) uid!: string;
  @Str({ doc: 'Name.', default: 'x' }) override name!: string;
}

it('knows the fields of a class and its bases; the nearest declaration counts', () => {
  const facts = [...fieldsOf(Part).values()].map(({ name, optional, default: value }) => ({ name, optional, value }));
  expect(facts).toEqual([
    { name: 'name', optional: true, value: 'x' },
    { name: 'note', optional: true, value: undefined },
    { name: 'count', optional: true, value: 1 },
    { name: 'uid', optional: true, value: undefined },
  ]);
  expect(fieldsOf(Base).get('name')!.optional).toBe(false);
  expect(schemaName(Part)).toBe('Renamed');
});

it('makes a list with keys a map for server-side apply', () => {
  class Holder {
    @ListOf(() => Part, { doc: 'Parts.', listMapKeys: ['name'] }) parts!: Part[];
    @ListOf('string', { doc: 'Words.' }) words!: string[];
  }
  const types = [...fieldsOf(Holder).values()].map(({ type }) => (type.is === 'list' ? type.listType : undefined));
  expect(types).toEqual(['map', 'atomic']);
});

it('compiles only when decorator and declaration agree (checked by tsc, not by this run)', () => {
  class Agreeing {
    @Str({ doc: '', enum: ['a', 'b'] }) union!: 'a' | 'b';
    @ListOf('string', { doc: '', enum: ['a', 'b'], optional: true }) list?: ('a' | 'b')[];
    @MapOf(() => Part, { doc: '' }) map!: Record<string, Part>;
    @Obj(() => Part, { doc: '', partial: true }) partial!: Partial<Part>;
    @IntOrString({ doc: '' }) either!: number | string;
    @AnyJson({ doc: '' }) anything!: { a: 1 };
  }
  class Disagreeing {
    // @ts-expect-error optional, but declared as required
    @Str({ doc: '', optional: true }) a!: string;
    // @ts-expect-error required, but declared as optional
    @Str({ doc: '' }) b?: string;
    // @ts-expect-error another type
    @Int({ doc: '' }) c!: string;
    // @ts-expect-error another union
    @Str({ doc: '', enum: ['a', 'b'] }) d!: 'a' | 'c';
    // @ts-expect-error items of another type
    @ListOf('string', { doc: '' }) e!: Part[];
    // @ts-expect-error no such key in the items
    @ListOf(() => Part, { doc: '', listMapKeys: ['nome'] }) f!: Part[];
    // @ts-expect-error wider than what is read
    @IntOrString({ doc: '' }) g!: number;
  }
  expect([fieldsOf(Agreeing).size, fieldsOf(Disagreeing).size]).toEqual([6, 7]);
});
