import { SelectorError } from './error';
import { Selector, type Labels, type Requirement, type SelectorOperator } from './selector';

/** A metav1.LabelSelector as the body of an object carries it. */
export interface LabelSelectorObject {
  matchLabels?: Labels;
  matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}

const compiled = new WeakMap<object, Selector>();

/**
 * The matcher of a metav1.LabelSelector: absent selects nothing, empty selects everything.
 * Compiled once per object, which must not be changed afterwards. Throws {@link SelectorError} on an unknown operator.
 */
export function labelSelector(selector: LabelSelectorObject | undefined): Selector {
  if (!selector) return Selector.nothing;
  let result = compiled.get(selector);
  if (!result) compiled.set(selector, (result = compile(selector)));
  return result;
}

function compile({ matchLabels = {}, matchExpressions = [] }: LabelSelectorObject): Selector {
  return Selector.of([
    ...Selector.ofLabels(matchLabels).requirements,
    ...matchExpressions.map(({ key, operator, values = [] }): Requirement => {
      if (!isSetOperator(operator)) {
        throw new SelectorError(`${JSON.stringify(operator)} is not a valid label selector operator`);
      }
      return { key, operator, values };
    }),
  ]);
}

function isSetOperator(operator: string): operator is SelectorOperator {
  return ['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(operator);
}
