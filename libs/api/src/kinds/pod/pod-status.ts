import { Int, ListOf, Obj, Schema, Str, Timestamp } from '../../fields';
import { ContainerStatus } from './container-status';

@Schema({ doc: 'One yes-or-no fact about a pod.' })
export class PodCondition {
  @Str({ doc: 'PodScheduled, Initialized, ContainersReady, Ready, …' })
  type!: string;

  @Str({ doc: 'True, False or Unknown.', enum: ['True', 'False', 'Unknown'] })
  status!: 'True' | 'False' | 'Unknown';

  @Int({ doc: 'Generation of the pod it was made from.', optional: true, bits: 64 })
  observedGeneration?: number;

  @Str({ doc: 'Short word for the reason.', optional: true })
  reason?: string;

  @Str({ doc: 'The reason in a sentence.', optional: true })
  message?: string;

  @Timestamp({ doc: 'When it was last checked.', optional: true })
  lastProbeTime?: string;

  @Timestamp({ doc: 'When its status last changed.', optional: true })
  lastTransitionTime?: string;
}

@Schema({ doc: 'An address of the pod.' })
export class PodIP {
  @Str({ doc: 'The address.' })
  ip!: string;
}

@Schema({ doc: "An address of the pod's node." })
export class HostIP {
  @Str({ doc: 'The address.' })
  ip!: string;
}

@Schema({ doc: 'The claim made for an entry of resourceClaims.' })
export class PodResourceClaimStatus {
  @Str({ doc: 'The entry.' })
  name!: string;

  @Str({ doc: 'The claim.', optional: true })
  resourceClaimName?: string;
}

@Schema({ doc: 'Which claim request serves an extended resource.' })
export class ContainerExtendedResourceRequest {
  @Str({ doc: 'The container.' })
  containerName!: string;

  @Str({ doc: 'The extended resource.' })
  resourceName!: string;

  @Str({ doc: 'The request of the claim.' })
  requestName!: string;
}

@Schema({ doc: 'The claim made for extended resources.' })
export class PodExtendedResourceClaimStatus {
  @ListOf(() => ContainerExtendedResourceRequest, { doc: 'Which requests serve which containers.', listType: 'atomic' })
  requestMappings!: ContainerExtendedResourceRequest[];

  @Str({ doc: 'The claim.' })
  resourceClaimName!: string;
}

@Schema({ doc: 'What is known of a pod.' })
export class PodStatus {
  @Str({
    doc: 'Where it is in its life.',
    optional: true,
    enum: ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'],
  })
  phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';

  @ListOf(() => PodCondition, {
    doc: 'Yes-or-no facts.',
    optional: true,
    listMapKeys: ['type'],
    patchMergeKey: 'type',
    patchStrategy: 'merge',
  })
  conditions?: PodCondition[];

  @Str({ doc: 'Why it is in this state, in a sentence.', optional: true })
  message?: string;

  @Str({ doc: 'Why it is in this state, in a word such as Evicted.', optional: true })
  reason?: string;

  @Str({ doc: 'Node that is being cleared for it by preemption.', optional: true })
  nominatedNodeName?: string;

  @Str({ doc: 'Address of its node.', optional: true })
  hostIP?: string;

  @ListOf(() => HostIP, {
    doc: 'All addresses of its node.',
    optional: true,
    listType: 'atomic',
    patchMergeKey: 'ip',
    patchStrategy: 'merge',
  })
  hostIPs?: HostIP[];

  @Str({ doc: 'Its address.', optional: true })
  podIP?: string;

  @ListOf(() => PodIP, {
    doc: 'All its addresses, at most one per family.',
    optional: true,
    listMapKeys: ['ip'],
    patchMergeKey: 'ip',
    patchStrategy: 'merge',
  })
  podIPs?: PodIP[];

  @Timestamp({ doc: 'When the node accepted it.', optional: true })
  startTime?: string;

  @ListOf(() => ContainerStatus, { doc: 'Its init containers.', optional: true, listType: 'atomic' })
  initContainerStatuses?: ContainerStatus[];

  @ListOf(() => ContainerStatus, { doc: 'Its containers.', optional: true, listType: 'atomic' })
  containerStatuses?: ContainerStatus[];

  @ListOf(() => ContainerStatus, { doc: 'Its debugging containers.', optional: true, listType: 'atomic' })
  ephemeralContainerStatuses?: ContainerStatus[];

  @Str({
    doc: 'Quality of service, from requests and limits.',
    optional: true,
    enum: ['Guaranteed', 'Burstable', 'BestEffort'],
  })
  qosClass?: 'Guaranteed' | 'Burstable' | 'BestEffort';

  @Str({ doc: 'State of a change of its resources.', optional: true })
  resize?: string;

  @ListOf(() => PodResourceClaimStatus, {
    doc: 'Claims made for it.',
    optional: true,
    listMapKeys: ['name'],
    patchMergeKey: 'name',
    patchStrategy: 'merge,retainKeys',
  })
  resourceClaimStatuses?: PodResourceClaimStatus[];

  @Obj(() => PodExtendedResourceClaimStatus, { doc: 'Claim made for its extended resources.', optional: true })
  extendedResourceClaimStatus?: PodExtendedResourceClaimStatus;

  @Int({ doc: 'Generation of the pod that the node has taken in.', optional: true, bits: 64 })
  observedGeneration?: number;
}
