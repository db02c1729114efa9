import { Selector, type Labels, type Requirement, type SelectorOperator } from './selector';

/** A NodeSelectorTerm as the body of an object carries it. */
export interface NodeSelectorTermObject {
  matchExpressions?: readonly NodeSelectorRequirementObject[];
  matchFields?: readonly NodeSelectorRequirementObject[];
}

export interface NodeSelectorRequirementObject {
  key: string;
  operator: string;
  values?: readonly string[];
}

/** What of a node its selectors look at. */
export interface SelectableNode {
  metadata: { name?: string; labels?: Labels };
}

/** Selects nodes by labels and name, compiled once. */
export interface NodeMatcher {
  matches(node: SelectableNode): boolean;
}

/** Terms are alternatives: one that matches is enough. A term without conditions matches no node. */
export function nodeSelector(terms: readonly NodeSelectorTermObject[]): NodeMatcher {
  const selectors = terms.map(nodeSelectorTerm);
  return { matches: (node) => selectors.some((selector) => selector.matches(node)) };
}

/** One term, as preferred scheduling terms carry it. */
export function nodeSelectorTerm(term: NodeSelectorTermObject): NodeMatcher {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length === 0 && matchFields.length === 0) return { matches: () => false };
  const byLabels = Selector.of(matchExpressions.map(requirement));
  const byFields = Selector.of(matchFields.map(requirement));
  return {
    matches: ({ metadata }) =>
      byLabels.matches(metadata.labels) &&
      (byFields.isEmpty || byFields.matches({ 'metadata.name': metadata.name ?? '' })),
  };
}

function requirement({ key, operator, values = [] }: NodeSelectorRequirementObject): Requirement {
  return { key, operator: operator as SelectorOperator, values };
}
