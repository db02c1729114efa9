import fc from 'fast-check';
import {
  labelSelector,
  nodeSelector,
  parseFieldSelector,
  parseLabelSelector,
  Selector,
  SelectorError,
  type LabelSelectorObject,
  type NodeSelectorTermObject,
} from '.';

const front = { app: 'front', tier: 'web', replicas: '3' };

describe('label selector text', () => {
  it.each([
    ['', true],
    ['app=front', true],
    ['app==front', true],
    [' app = front , tier = web ', true],
    ['app=back', false],
    ['app!=back', true],
    ['app!=front', false],
    ['other!=x', true],
    ['app in (front,back)', true],
    ['app in (back)', false],
    ['app notin (back, side)', true],
    ['other notin (x)', true],
    ['app', true],
    ['!app', false],
    ['!other', true],
    ['constructor', false],
    ['other=', false],
    ['other in ()', false],
    ['replicas>2', true],
    ['replicas<3', false],
    ['app>1', false],
    ['app in (front),!other,tier', true],
  ])('%j matches front: %s', (text, matches) => {
    expect(parseLabelSelector(text).matches(front)).toBe(matches);
  });

  it.each([
    ['app=front,', "found '', expected: identifier after ','"],
    ['=x', "found '=', expected: !, identifier, or 'end of string'"],
    ['app in front', "unable to parse requirement: found 'front' expected: '('"],
    ['app in (front', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['app front', "unable to parse requirement: found 'front', expected: in, notin, =, ==, !=, gt, lt"],
    ['app=a=b', "found '=', expected: ',' or 'end of string'"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['-a=b', 'unable to parse requirement: key: Invalid value: "-a": name part must consist of'],
    ['a=b!c', "found '!', expected: ',' or 'end of string'"],
    ['a=@', 'unable to parse requirement: values[0][a]: Invalid value: "@": a valid label must be'],
    ['a>x', "values[0][a]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"],
  ])('%j is refused: %s', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(SelectorError);
    expect(() => parseLabelSelector(text)).toThrow(message);
  });

  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
  const requirement = fc.oneof(
    fc.record({
      key: word,
      operator: fc.constantFrom('In' as const, 'NotIn' as const),
      values: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      key: word,
      operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const),
      values: fc.constant([]),
    }),
  );

  it('survives printing', () => {
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 4 }), fc.dictionary(word, word), (requirements, labels) => {
        const selector = Selector.of(requirements);
        const read = parseLabelSelector(selector.toString());
        expect(read.toString()).toBe(selector.toString());
        expect(read.matches(labels)).toBe(selector.matches(labels));
      }),
    );
  });
});

describe('label selector object', () => {
  it.each<[string, LabelSelectorObject | undefined, boolean]>([
    ['absent', undefined, false],
    ['empty', {}, true],
    ['labels', { matchLabels: { app: 'front' } }, true],
    ['other labels', { matchLabels: { app: 'front', tier: 'db' } }, false],
    ['In', { matchExpressions: [{ key: 'app', operator: 'In', values: ['front', 'x'] }] }, true],
    ['NotIn on an absent key', { matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, true],
    ['both', { matchLabels: { app: 'front' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, false],
  ])('%s', (_, object, matches) => {
    expect(labelSelector(object).matches(front)).toBe(matches);
  });

  it('refuses an unknown operator', () => {
    expect(() => labelSelector({ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] })).toThrow(
      '"Gt" is not a valid label selector operator',
    );
  });
});

describe('node selector', () => {
  const node = { metadata: { name: 'node-1', labels: { zone: 'a', cores: '8' } } };
  it.each<[string, NodeSelectorTermObject[], boolean]>([
    ['no term', [], false],
    ['a term without conditions', [{}], false],
    [
      'one of two terms',
      [
        { matchExpressions: [{ key: 'zone', operator: 'In', values: ['b'] }] },
        { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }] },
      ],
      true,
    ],
    ['Gt', [{ matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['4'] }] }], true],
    ['Lt', [{ matchExpressions: [{ key: 'cores', operator: 'Lt', values: ['8'] }] }], false],
    ['Gt on a word', [{ matchExpressions: [{ key: 'zone', operator: 'Gt', values: ['4'] }] }], false],
    [
      'labels and fields together',
      [
        {
          matchExpressions: [{ key: 'zone', operator: 'Exists' }],
          matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['node-1'] }],
        },
      ],
      false,
    ],
  ])('%s', (_, terms, matches) => {
    expect(nodeSelector(terms).matches(node)).toBe(matches);
  });
});

describe('field selector', () => {
  const valueOf = (field: string) => ({ 'metadata.name': 'a', 'status.phase': 'Running', odd: 'x,y=z' })[field] ?? '';
  it.each([
    ['', true],
    ['metadata.name=a', true],
    ['metadata.name==a,status.phase=Running', true],
    ['status.phase!=Running', false],
    ['spec.nodeName=', true],
    ['spec.nodeName!=', false],
    ['odd=x\\,y\\=z', true],
  ])('%j: %s', (text, matches) => {
    expect(parseFieldSelector(text).matches(valueOf)).toBe(matches);
  });

  it.each([
    ['metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ['a=b=c', 'unescaped character'],
    ['a=\\b', 'invalid escape sequence: \\b'],
  ])('%j is refused: %s', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(message);
  });

  it('tells the exact value asked for', () => {
    const selector = parseFieldSelector('metadata.name=a,status.phase!=Failed');
    expect([selector.exact('metadata.name'), selector.exact('status.phase')]).toEqual(['a', undefined]);
  });

  it('survives printing', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const text = `f=${value.replace(/[\\,=]/g, '\\$&')}`;
        expect(parseFieldSelector(text).exact('f')).toBe(value);
        expect(parseFieldSelector(parseFieldSelector(text).toString()).exact('f')).toBe(value);
      }),
    );
  });
});
