import { fieldPath, invalidValue, notSupported, required } from '../../../errors';
import type { FieldError } from '../../../errors';
import { isDnsLabel, isLabelValue, isQualifiedName } from '../../../names';
import { checkLabelSelector, checkOperands } from '../../label-selector.validation';
import type {
  Affinity,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
  WeightedPodAffinityTerm,
} from '../affinity';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

export function checkAffinity(affinity: Affinity | undefined, path: string): FieldError[] {
  if (!affinity) return [];
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  const at = fieldPath(path, 'nodeAffinity');
  const terms = nodeAffinity?.[REQUIRED]?.nodeSelectorTerms ?? [];
  const wishes = nodeAffinity?.[PREFERRED] ?? [];
  return [
    ...terms.flatMap((term, i) => checkNodeTerm(term, fieldPath(at, REQUIRED, 'nodeSelectorTerms', i))),
    ...wishes.flatMap(({ weight, preference }, i) => [
      ...checkWeight(weight, fieldPath(at, PREFERRED, i)),
      ...checkNodeTerm(preference, fieldPath(at, PREFERRED, i, 'preference')),
    ]),
    ...checkPodAffinity(podAffinity, fieldPath(path, 'podAffinity')),
    ...checkPodAffinity(podAntiAffinity, fieldPath(path, 'podAntiAffinity')),
  ];
}

function checkNodeTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, path: string): FieldError[] {
  return [
    ...matchExpressions.flatMap((item, i) => checkExpression(item, fieldPath(path, 'matchExpressions', i))),
    ...matchFields.flatMap((item, i) => checkField(item, fieldPath(path, 'matchFields', i))),
  ];
}

function checkExpression({ key, operator, values = [] }: NodeSelectorRequirement, path: string): FieldError[] {
  const field = fieldPath(path, 'values');
  const comparesNumbers = operator === 'Gt' || operator === 'Lt';
  const single = comparesNumbers && values.length !== 1;
  return [
    ...isQualifiedName(key).map((reason) => invalidValue(fieldPath(path, 'key'), key, reason)),
    ...checkOperands(operator, values, path),
    ...(single ? [required(field, "must be specified single value when `operator` is 'Lt' or 'Gt'")] : []),
    ...values.flatMap((value, i) =>
      isLabelValue(value).map((reason) => invalidValue(fieldPath(field, i), value, reason)),
    ),
  ];
}

/** Nodes are chosen by one field only, their name. */
function checkField({ key, operator, values = [] }: NodeSelectorRequirement, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (operator !== 'In' && operator !== 'NotIn') {
    errors.push(invalidValue(fieldPath(path, 'operator'), operator, 'not a valid selector operator'));
  } else if (values.length !== 1) {
    const words = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(required(fieldPath(path, 'values'), words));
  }
  if (key !== 'metadata.name') errors.push(notSupported(fieldPath(path, 'key'), key, ['metadata.name']));
  return errors;
}

function checkPodAffinity(affinity: PodAffinity | undefined, path: string): FieldError[] {
  const needs = affinity?.[REQUIRED] ?? [];
  const wishes: WeightedPodAffinityTerm[] = affinity?.[PREFERRED] ?? [];
  return [
    ...needs.flatMap((term, i) => checkPodTerm(term, fieldPath(path, REQUIRED, i))),
    ...wishes.flatMap(({ weight, podAffinityTerm }, i) => [
      ...checkWeight(weight, fieldPath(path, PREFERRED, i)),
      ...checkPodTerm(podAffinityTerm, fieldPath(path, PREFERRED, i, 'podAffinityTerm')),
    ]),
  ];
}

function checkPodTerm(term: PodAffinityTerm, path: string): FieldError[] {
  const { labelSelector, namespaceSelector, namespaces = [], topologyKey } = term;
  return [
    ...checkLabelSelector(labelSelector, fieldPath(path, 'labelSelector')),
    ...checkLabelSelector(namespaceSelector, fieldPath(path, 'namespaceSelector')),
    ...namespaces.flatMap((name) =>
      isDnsLabel(name).map((reason) => invalidValue(fieldPath(path, 'namespace'), name, reason)),
    ),
    ...isQualifiedName(topologyKey).map((reason) => invalidValue(fieldPath(path, 'topologyKey'), topologyKey, reason)),
  ];
}

function checkWeight(weight: number, path: string): FieldError[] {
  if (weight >= 1 && weight <= 100) return [];
  return [invalidValue(fieldPath(path, 'weight'), weight, 'must be in the range 1-100')];
}
