import { Int, ListOf, Obj, Schema, Str } from '../../fields';
import { LabelSelector } from '../../meta';

@Schema({ doc: 'A taint the pod accepts.' })
export class Toleration {
  @Str({ doc: 'Key of the taint; all keys when absent.', optional: true })
  key?: string;

  @Str({ doc: 'Exists accepts every value of the key.', optional: true, enum: ['Exists', 'Equal'] })
  operator?: 'Exists' | 'Equal';

  @Str({ doc: 'Value of the taint, for Equal.', optional: true })
  value?: string;

  @Str({
    doc: 'Effect of the taint; all effects when absent.',
    optional: true,
    enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
  })
  effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

  @Int({ doc: 'How long a NoExecute taint is borne, in seconds; for ever when absent.', optional: true, bits: 64 })
  tolerationSeconds?: number;
}

@Schema({ doc: 'How evenly pods are spread over places.' })
export class TopologySpreadConstraint {
  @Int({ doc: 'Largest difference of pod counts between two places.' })
  maxSkew!: number;

  @Str({ doc: 'Label of nodes; nodes with the same value are one place.' })
  topologyKey!: string;

  @Str({ doc: 'Whether a pod that would break it waits.', enum: ['DoNotSchedule', 'ScheduleAnyway'] })
  whenUnsatisfiable!: 'DoNotSchedule' | 'ScheduleAnyway';

  @Obj(() => LabelSelector, { doc: 'The pods that are counted.', optional: true })
  labelSelector?: LabelSelector;

  @Int({ doc: 'Least number of places that must exist for an uneven spread to be allowed.', optional: true })
  minDomains?: number;

  @Str({ doc: 'Whether nodes excluded by affinity or selector count.', optional: true, enum: ['Honor', 'Ignore'] })
  nodeAffinityPolicy?: 'Honor' | 'Ignore';

  @Str({ doc: 'Whether nodes with taints that are not tolerated count.', optional: true, enum: ['Honor', 'Ignore'] })
  nodeTaintsPolicy?: 'Honor' | 'Ignore';

  @ListOf('string', {
    doc: 'Labels whose value of the incoming pod is added to the selector.',
    optional: true,
    listType: 'atomic',
  })
  matchLabelKeys?: string[];
}

@Schema({ doc: 'Holds a pod back from scheduling while it is listed.' })
export class PodSchedulingGate {
  @Str({ doc: 'Name of the gate.' })
  name!: string;
}

@Schema({ doc: 'A further condition for the pod to be ready.' })
export class PodReadinessGate {
  @Str({ doc: "Type of the condition in the pod's status." })
  conditionType!: string;
}

@Schema({ doc: "A claim that the pod's containers may use." })
export class PodResourceClaim {
  @Str({ doc: 'Name by which containers refer to it.' })
  name!: string;

  @Str({ doc: 'The ResourceClaim.', optional: true })
  resourceClaimName?: string;

  @Str({ doc: 'Template from which a ResourceClaim is made for the pod.', optional: true })
  resourceClaimTemplateName?: string;
}
