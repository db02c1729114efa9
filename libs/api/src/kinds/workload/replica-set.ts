import { Int, ListOf, Obj, Schema, Str, Timestamp } from '../../fields';
import { Kind } from '../../kind';
import { LabelSelector, NamespacedObject } from '../../meta';
import { PodTemplateSpec } from '../pod/pod-template';
import { replicaSetStrategy } from './workload.strategy';
import { replicaSetColumns } from './workload.columns';

@Schema({ doc: 'How many pods of which kind.' })
export class ReplicaSetSpec {
  @Int({ doc: 'How many pods.', default: 1, min: 0 })
  replicas!: number;

  @Int({ doc: 'Seconds a pod must be ready to count as available.', optional: true, min: 0 })
  minReadySeconds?: number;

  @Obj(() => LabelSelector, { doc: 'Its pods by their labels.', immutable: true })
  selector!: LabelSelector;

  @Obj(() => PodTemplateSpec, { doc: 'The pods to be made.' })
  template!: PodTemplateSpec;
}

@Schema({ doc: 'One yes-or-no fact about a ReplicaSet.' })
export class ReplicaSetCondition {
  @Str({ doc: 'The fact, such as ReplicaFailure.' })
  type!: string;

  @Str({ doc: 'True, False or Unknown.', enum: ['True', 'False', 'Unknown'] })
  status!: 'True' | 'False' | 'Unknown';

  @Timestamp({ doc: 'When its status last changed.', optional: true })
  lastTransitionTime?: string;

  @Str({ doc: 'Short word for the reason.', optional: true })
  reason?: string;

  @Str({ doc: 'The reason in a sentence.', optional: true })
  message?: string;
}

@Schema({ doc: 'What is known of a ReplicaSet.' })
export class ReplicaSetStatus {
  @Int({ doc: 'Pods there are.', default: 0 })
  replicas!: number;

  @Int({ doc: 'Pods with all labels of the template.', optional: true })
  fullyLabeledReplicas?: number;

  @Int({ doc: 'Pods that are ready.', optional: true })
  readyReplicas?: number;

  @Int({ doc: 'Pods that have been ready for minReadySeconds.', optional: true })
  availableReplicas?: number;

  @Int({ doc: 'Pods that are being deleted.', optional: true })
  terminatingReplicas?: number;

  @Int({ doc: 'Generation it was made from.', optional: true, bits: 64 })
  observedGeneration?: number;

  @ListOf(() => ReplicaSetCondition, {
    doc: 'Yes-or-no facts.',
    optional: true,
    listMapKeys: ['type'],
    patchMergeKey: 'type',
    patchStrategy: 'merge',
  })
  conditions?: ReplicaSetCondition[];
}

@Schema({ doc: 'Keeps a number of equal pods.' })
@Kind<ReplicaSet>({
  group: 'apps',
  version: 'v1',
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  status: true,
  scale: { spec: 'spec.replicas', status: 'status.replicas', selector: 'spec.selector' },
  strategy: replicaSetStrategy,
  columns: replicaSetColumns,
  selectableFields: { 'status.replicas': ({ status }) => String(status.replicas ?? 0) },
})
export class ReplicaSet extends NamespacedObject {
  @Obj(() => ReplicaSetSpec, { doc: 'How many pods of which kind.' })
  spec!: ReplicaSetSpec;

  @Obj(() => ReplicaSetStatus, { doc: 'What is known of it.', default: {} })
  status!: ReplicaSetStatus;
}
