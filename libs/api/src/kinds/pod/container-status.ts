import { Bool, Int, ListOf, MapOf, Obj, Schema, Str, Timestamp } from '../../fields';
import { ResourceRequirements } from './resources';

@Schema({ doc: 'Not running yet, or not again.' })
export class ContainerStateWaiting {
  @Str({ doc: 'Short word for the reason, such as ImagePullBackOff.', optional: true })
  reason?: string;

  @Str({ doc: 'The reason in a sentence.', optional: true })
  message?: string;
}

@Schema({ doc: 'Running.' })
export class ContainerStateRunning {
  @Timestamp({ doc: 'When it was started.', optional: true })
  startedAt?: string;
}

@Schema({ doc: 'Ended.' })
export class ContainerStateTerminated {
  @Int({ doc: 'Exit code; 128 + n after signal n.' })
  exitCode!: number;

  @Int({ doc: 'Signal that ended it.', optional: true })
  signal?: number;

  @Str({ doc: 'Short word for the reason, such as Completed, Error or OOMKilled.', optional: true })
  reason?: string;

  @Str({ doc: 'Message the container left, or the reason in a sentence.', optional: true })
  message?: string;

  @Timestamp({ doc: 'When it was started.', optional: true })
  startedAt?: string;

  @Timestamp({ doc: 'When it ended.', optional: true })
  finishedAt?: string;

  @Str({ doc: 'The container that ended, as `runtime://id`.', optional: true })
  containerID?: string;
}

@Schema({ doc: 'What a container is doing; exactly one is set, waiting unless given.' })
export class ContainerState {
  @Obj(() => ContainerStateWaiting, { doc: 'Not running yet, or not again.', optional: true })
  waiting?: ContainerStateWaiting;

  @Obj(() => ContainerStateRunning, { doc: 'Running.', optional: true })
  running?: ContainerStateRunning;

  @Obj(() => ContainerStateTerminated, { doc: 'Ended.', optional: true })
  terminated?: ContainerStateTerminated;
}

@Schema({ doc: 'How a volume is mounted.' })
export class VolumeMountStatus {
  @Str({ doc: 'Name of the volume.' })
  name!: string;

  @Str({ doc: 'Path in the container.' })
  mountPath!: string;

  @Bool({ doc: 'Whether it is mounted read-only.', optional: true })
  readOnly?: boolean;

  @Str({
    doc: 'Whether mounts below it are read-only too.',
    optional: true,
    enum: ['Disabled', 'IfPossible', 'Enabled'],
  })
  recursiveReadOnly?: 'Disabled' | 'IfPossible' | 'Enabled';
}

@Schema({ doc: 'Identity of the first process.' })
export class LinuxContainerUser {
  @Int({ doc: 'UID.', bits: 64 })
  uid!: number;

  @Int({ doc: 'Primary GID.', bits: 64 })
  gid!: number;

  @ListOf('int64', { doc: 'Further groups.', optional: true, listType: 'atomic' })
  supplementalGroups?: number[];
}

@Schema({ doc: 'Identity of the first process.' })
export class ContainerUser {
  @Obj(() => LinuxContainerUser, { doc: 'On Linux.', optional: true })
  linux?: LinuxContainerUser;
}

@Schema({ doc: 'Health of one device.' })
export class ResourceHealth {
  @Str({ doc: 'The device.' })
  resourceID!: string;

  @Str({ doc: 'Healthy, Unhealthy or Unknown.', optional: true })
  health?: string;
}

@Schema({ doc: 'Health of the devices of a resource.' })
export class ResourceStatus {
  @Str({ doc: 'Name of the resource.' })
  name!: string;

  @ListOf(() => ResourceHealth, { doc: 'Its devices.', optional: true, listMapKeys: ['resourceID'] })
  resources?: ResourceHealth[];
}

@Schema({ doc: 'What is known of a container.' })
export class ContainerStatus {
  @Str({ doc: 'Name of the container.' })
  name!: string;

  @Obj(() => ContainerState, { doc: 'What it is doing.', optional: true })
  state?: ContainerState;

  @Obj(() => ContainerState, { doc: 'How it ended the last time.', optional: true })
  lastState?: ContainerState;

  @Bool({ doc: 'Whether it takes requests.', default: false })
  ready!: boolean;

  @Int({ doc: 'How often it was restarted.', default: 0 })
  restartCount!: number;

  @Str({ doc: 'Image it runs.', default: '' })
  image!: string;

  @Str({ doc: 'Digest of that image.', default: '' })
  imageID!: string;

  @Str({ doc: 'The container, as `runtime://id`.', optional: true })
  containerID?: string;

  @Bool({ doc: 'Whether its startup probe has succeeded and postStart is done.', optional: true })
  started?: boolean;

  @MapOf('quantity', { doc: 'Requests the node has granted.', optional: true })
  allocatedResources?: Record<string, string>;

  @Obj(() => ResourceRequirements, { doc: 'Requests and limits in force.', optional: true })
  resources?: ResourceRequirements;

  @ListOf(() => VolumeMountStatus, {
    doc: 'How its volumes are mounted.',
    optional: true,
    listMapKeys: ['mountPath'],
    patchMergeKey: 'mountPath',
    patchStrategy: 'merge',
  })
  volumeMounts?: VolumeMountStatus[];

  @Obj(() => ContainerUser, { doc: 'Identity of its first process.', optional: true })
  user?: ContainerUser;

  @ListOf(() => ResourceStatus, {
    doc: 'Health of its devices.',
    optional: true,
    listMapKeys: ['name'],
    patchMergeKey: 'name',
    patchStrategy: 'merge',
  })
  allocatedResourcesStatus?: ResourceStatus[];

  @Str({ doc: 'Signal that asks it to stop.', optional: true })
  stopSignal?: string;
}
