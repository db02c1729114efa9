import { Int, ListOf, Obj, Schema, Str } from '../../fields';
import { LabelSelector } from '../../meta';

@Schema({ doc: 'A condition on a label or field of a node.' })
export class NodeSelectorRequirement {
  @Str({ doc: 'The label or field.' })
  key!: string;

  @Str({ doc: 'How the values are compared.', enum: ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'] })
  operator!: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';

  @ListOf('string', {
    doc: 'What to compare with; one integer for Gt and Lt, none for Exists and DoesNotExist.',
    optional: true,
    listType: 'atomic',
  })
  values?: string[];
}

@Schema({ doc: 'Conditions that must all hold.' })
export class NodeSelectorTerm {
  @ListOf(() => NodeSelectorRequirement, { doc: 'Conditions on labels.', optional: true, listType: 'atomic' })
  matchExpressions?: NodeSelectorRequirement[];

  @ListOf(() => NodeSelectorRequirement, {
    doc: 'Conditions on fields; only metadata.name is offered.',
    optional: true,
    listType: 'atomic',
  })
  matchFields?: NodeSelectorRequirement[];
}

@Schema({ doc: 'Alternatives of which one must hold.' })
export class NodeSelector {
  @ListOf(() => NodeSelectorTerm, { doc: 'The alternatives.', listType: 'atomic' })
  nodeSelectorTerms!: NodeSelectorTerm[];
}

@Schema({ doc: 'A wish about nodes.' })
export class PreferredSchedulingTerm {
  @Int({ doc: 'How much it counts, 1 to 100.' })
  weight!: number;

  @Obj(() => NodeSelectorTerm, { doc: 'The nodes that are liked.' })
  preference!: NodeSelectorTerm;
}

@Schema({ doc: 'Which nodes a pod must or should run on.' })
export class NodeAffinity {
  @Obj(() => NodeSelector, { doc: 'Nodes without which it is not placed.', optional: true })
  requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector;

  @ListOf(() => PreferredSchedulingTerm, { doc: 'Wishes, added up by weight.', optional: true, listType: 'atomic' })
  preferredDuringSchedulingIgnoredDuringExecution?: PreferredSchedulingTerm[];
}

@Schema({ doc: 'Pods to be near to or away from, in a topology.' })
export class PodAffinityTerm {
  @Obj(() => LabelSelector, { doc: 'The pods meant; none when absent.', optional: true })
  labelSelector?: LabelSelector;

  @Str({ doc: 'Label of nodes; nodes with the same value are one place.' })
  topologyKey!: string;

  @ListOf('string', { doc: 'Namespaces in which pods are looked for.', optional: true, listType: 'atomic' })
  namespaces?: string[];

  @Obj(() => LabelSelector, { doc: 'Namespaces by their labels; an empty selector means all.', optional: true })
  namespaceSelector?: LabelSelector;

  @ListOf('string', {
    doc: 'Labels whose value of the incoming pod is added to the selector.',
    optional: true,
    listType: 'atomic',
  })
  matchLabelKeys?: string[];

  @ListOf('string', { doc: 'Labels whose value of the incoming pod is excluded.', optional: true, listType: 'atomic' })
  mismatchLabelKeys?: string[];
}

@Schema({ doc: 'A wish about other pods.' })
export class WeightedPodAffinityTerm {
  @Int({ doc: 'How much it counts, 1 to 100.' })
  weight!: number;

  @Obj(() => PodAffinityTerm, { doc: 'The pods and the topology.' })
  podAffinityTerm!: PodAffinityTerm;
}

@Schema({ doc: 'Pods to be near to.' })
export class PodAffinity {
  @ListOf(() => PodAffinityTerm, { doc: 'Must hold for the pod to be placed.', optional: true, listType: 'atomic' })
  requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];

  @ListOf(() => WeightedPodAffinityTerm, { doc: 'Wishes, added up by weight.', optional: true, listType: 'atomic' })
  preferredDuringSchedulingIgnoredDuringExecution?: WeightedPodAffinityTerm[];
}

@Schema({ doc: 'Pods to be away from.' })
export class PodAntiAffinity {
  @ListOf(() => PodAffinityTerm, { doc: 'Must hold for the pod to be placed.', optional: true, listType: 'atomic' })
  requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];

  @ListOf(() => WeightedPodAffinityTerm, { doc: 'Wishes, added up by weight.', optional: true, listType: 'atomic' })
  preferredDuringSchedulingIgnoredDuringExecution?: WeightedPodAffinityTerm[];
}

@Schema({ doc: 'Where a pod must or should run.' })
export class Affinity {
  @Obj(() => NodeAffinity, { doc: 'By nodes.', optional: true })
  nodeAffinity?: NodeAffinity;

  @Obj(() => PodAffinity, { doc: 'Near to other pods.', optional: true })
  podAffinity?: PodAffinity;

  @Obj(() => PodAntiAffinity, { doc: 'Away from other pods.', optional: true })
  podAntiAffinity?: PodAntiAffinity;
}
