export type Labels = Readonly<Record<string, string>>;

export type SelectorOperator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';

/** One condition on one key. Gt and Lt compare integers and hold a single value. */
export interface Requirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
}

type Test = (labels: Labels) => boolean;

const NO_LABELS: Labels = {};

/** Requirements that must all hold, compiled once so that matching an object costs a few comparisons. */
export class Selector {
  /** Matches every object. */
  static readonly everything = new Selector([]);
  /** Matches no object. */
  static readonly nothing = new Selector([], [() => false]);

  private constructor(
    readonly requirements: readonly Requirement[],
    private readonly tests: readonly Test[] = requirements.map(compile),
  ) {}

  static of(requirements: readonly Requirement[]): Selector {
    return requirements.length === 0 ? Selector.everything : new Selector(requirements);
  }

  /** A selector for exactly these labels, as in `spec.selector` of a Service. */
  static ofLabels(labels: Labels): Selector {
    return Selector.of(Object.entries(labels).map(([key, value]) => ({ key, operator: 'In', values: [value] })));
  }

  matches(labels: Labels | undefined): boolean {
    const found = labels ?? NO_LABELS;
    for (const test of this.tests) if (!test(found)) return false;
    return true;
  }

  /** Nothing is asked: every object matches. */
  get isEmpty(): boolean {
    return this.tests.length === 0;
  }

  /** The text of the API's `labelSelector` parameter, keys in order. */
  toString(): string {
    return this.requirements
      .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      .map(requirementText)
      .join(',');
  }
}

function compile({ key, operator, values }: Requirement): Test {
  const [first = ''] = values;
  switch (operator) {
    case 'In':
      if (values.length === 1) return (labels) => own(labels, key) === first;
      return (labels) => isOneOf(values, own(labels, key));
    case 'NotIn':
      if (values.length === 1) return (labels) => own(labels, key) !== first;
      return (labels) => !isOneOf(values, own(labels, key));
    case 'Exists':
      return (labels) => own(labels, key) !== undefined;
    case 'DoesNotExist':
      return (labels) => own(labels, key) === undefined;
    case 'Gt':
      return (labels) => compareIntegers(own(labels, key), first) > 0;
    case 'Lt':
      return (labels) => compareIntegers(own(labels, key), first) < 0;
  }
}

/** A label of the object itself: `constructor` and the like are ordinary keys here. */
function own(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function isOneOf(values: readonly string[], value: string | undefined): boolean {
  return value !== undefined && values.includes(value);
}

/** NaN, which no comparison satisfies, unless both are integers. */
function compareIntegers(value: string | undefined, bound: string): number {
  if (value === undefined || !isInteger(value) || !isInteger(bound)) return Number.NaN;
  const difference = BigInt(value) - BigInt(bound);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

/** Decimal digits with an optional minus, as Gt and Lt want them. */
export function isInteger(text: string): boolean {
  return /^-?\d+$/.test(text);
}

function requirementText({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key}=${values[0]!}` : `${key} in (${values.toSorted().join(',')})`;
    case 'NotIn':
      return values.length === 1 ? `${key}!=${values[0]!}` : `${key} notin (${values.toSorted().join(',')})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    case 'Gt':
      return `${key}>${values[0]!}`;
    case 'Lt':
      return `${key}<${values[0]!}`;
  }
}
