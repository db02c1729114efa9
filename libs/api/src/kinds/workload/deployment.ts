import { Bool, Int, IntOrString, ListOf, Obj, Schema, Str, Timestamp } from '../../fields';
import { Kind } from '../../kind';
import { LabelSelector, NamespacedObject } from '../../meta';
import { PodTemplateSpec } from '../pod/pod-template';
import { deploymentStrategy } from './workload.strategy';
import { deploymentColumns } from './workload.columns';

@Schema({ doc: 'Limits of a rolling update.' })
export class RollingUpdateDeployment {
  @IntOrString({
    doc: 'Pods that may be missing, as a number or percentage of replicas (rounded down).',
    optional: true,
  })
  maxUnavailable?: number | string;

  @IntOrString({
    doc: 'Pods that may be there beyond replicas, as a number or percentage (rounded up).',
    optional: true,
  })
  maxSurge?: number | string;
}

@Schema({ doc: 'How old pods are replaced.' })
export class DeploymentStrategy {
  @Str({
    doc: 'RollingUpdate bit by bit, Recreate all at once.',
    enum: ['Recreate', 'RollingUpdate'],
    default: 'RollingUpdate',
  })
  type!: 'Recreate' | 'RollingUpdate';

  @Obj(() => RollingUpdateDeployment, { doc: 'Limits of a rolling update.', optional: true })
  rollingUpdate?: RollingUpdateDeployment;
}

@Schema({ doc: 'How many pods of which kind, and how changes reach them.' })
export class DeploymentSpec {
  @Int({ doc: 'How many pods.', default: 1, min: 0 })
  replicas!: number;

  @Obj(() => LabelSelector, { doc: 'Its pods by their labels.', immutable: true })
  selector!: LabelSelector;

  @Obj(() => PodTemplateSpec, { doc: 'The pods to be made.' })
  template!: PodTemplateSpec;

  @Obj(() => DeploymentStrategy, { doc: 'How old pods are replaced.', patchStrategy: 'retainKeys', default: {} })
  strategy!: DeploymentStrategy;

  @Int({ doc: 'Seconds a pod must be ready to count as available.', optional: true, min: 0 })
  minReadySeconds?: number;

  @Int({ doc: 'Old ReplicaSets kept for going back.', default: 10, min: 0 })
  revisionHistoryLimit!: number;

  @Bool({ doc: 'Changes of the template wait.', optional: true })
  paused?: boolean;

  @Int({ doc: 'Seconds without progress after which the roll-out counts as failed.', default: 600, min: 0 })
  progressDeadlineSeconds!: number;
}

@Schema({ doc: 'One yes-or-no fact about a Deployment.' })
export class DeploymentCondition {
  @Str({ doc: 'Available, Progressing or ReplicaFailure.' })
  type!: string;

  @Str({ doc: 'True, False or Unknown.', enum: ['True', 'False', 'Unknown'] })
  status!: 'True' | 'False' | 'Unknown';

  @Timestamp({ doc: 'When it was last confirmed.', optional: true })
  lastUpdateTime?: string;

  @Timestamp({ doc: 'When its status last changed.', optional: true })
  lastTransitionTime?: string;

  @Str({ doc: 'Short word for the reason.', optional: true })
  reason?: string;

  @Str({ doc: 'The reason in a sentence.', optional: true })
  message?: string;
}

@Schema({ doc: 'What is known of a Deployment.' })
export class DeploymentStatus {
  @Int({ doc: 'Generation it was made from.', optional: true, bits: 64 })
  observedGeneration?: number;

  @Int({ doc: 'Pods there are.', optional: true })
  replicas?: number;

  @Int({ doc: 'Pods of the present template.', optional: true })
  updatedReplicas?: number;

  @Int({ doc: 'Pods that are ready.', optional: true })
  readyReplicas?: number;

  @Int({ doc: 'Pods that have been ready for minReadySeconds.', optional: true })
  availableReplicas?: number;

  @Int({ doc: 'Pods that are still missing for full availability.', optional: true })
  unavailableReplicas?: number;

  @Int({ doc: 'Pods that are being deleted.', optional: true })
  terminatingReplicas?: number;

  @ListOf(() => DeploymentCondition, {
    doc: 'Yes-or-no facts.',
    optional: true,
    listMapKeys: ['type'],
    patchMergeKey: 'type',
    patchStrategy: 'merge',
  })
  conditions?: DeploymentCondition[];

  @Int({ doc: "Name clashes met, part of the next ReplicaSet's name.", optional: true })
  collisionCount?: number;
}

@Schema({ doc: 'Keeps equal pods and rolls out changes to them.' })
@Kind<Deployment>({
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  status: true,
  scale: { spec: 'spec.replicas', status: 'status.replicas', selector: 'spec.selector' },
  strategy: deploymentStrategy,
  columns: deploymentColumns,
})
export class Deployment extends NamespacedObject {
  @Obj(() => DeploymentSpec, { doc: 'How many pods of which kind.' })
  spec!: DeploymentSpec;

  @Obj(() => DeploymentStatus, { doc: 'What is known of it.', default: {} })
  status!: DeploymentStatus;
}
