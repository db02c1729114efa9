import { Bool, Int, ListOf, Obj, Schema, Str } from '../../fields';
import { EnvFromSource, EnvVar } from './env';
import { Lifecycle, Probe } from './probe';
import { ContainerResizePolicy, ResourceRequirements } from './resources';
import { SecurityContext } from './security-context';

@Schema({ doc: 'A port the container listens on.' })
export class ContainerPort {
  @Str({ doc: 'Name that services and probes may use.', optional: true, format: 'portName' })
  name?: string;

  @Int({ doc: 'The port inside the pod.', min: 1, max: 65535 })
  containerPort!: number;

  @Int({ doc: 'Port of the node that leads to it.', optional: true, min: 0, max: 65535 })
  hostPort?: number;

  @Str({ doc: 'Transport protocol.', enum: ['TCP', 'UDP', 'SCTP'], default: 'TCP' })
  protocol!: 'TCP' | 'UDP' | 'SCTP';

  @Str({ doc: 'Address of the node on which hostPort is bound.', optional: true, format: 'ip' })
  hostIP?: string;
}

@Schema({ doc: 'Where a volume appears in the container.' })
export class VolumeMount {
  @Str({ doc: 'Name of the volume.' })
  name!: string;

  @Str({ doc: 'Path in the container; may not contain `:`.' })
  mountPath!: string;

  @Str({ doc: 'Part of the volume to mount in place of its root.', optional: true })
  subPath?: string;

  @Str({ doc: "The same with `$(VAR)` replaced by the container's environment.", optional: true })
  subPathExpr?: string;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;

  @Str({
    doc: 'Whether mounts below it are read-only too.',
    optional: true,
    enum: ['Disabled', 'IfPossible', 'Enabled'],
  })
  recursiveReadOnly?: 'Disabled' | 'IfPossible' | 'Enabled';

  @Str({
    doc: 'How mounts travel between host and container.',
    optional: true,
    enum: ['None', 'HostToContainer', 'Bidirectional'],
  })
  mountPropagation?: 'None' | 'HostToContainer' | 'Bidirectional';
}

@Schema({ doc: 'Where a block volume appears in the container.' })
export class VolumeDevice {
  @Str({ doc: 'Name of the volume.' })
  name!: string;

  @Str({ doc: 'Path of the device in the container.' })
  devicePath!: string;
}

@Schema({ doc: 'Compares the exit code.' })
export class ContainerRestartRuleOnExitCodes {
  @Str({ doc: 'Whether it has to be one of the values or none of them.', enum: ['In', 'NotIn'] })
  operator!: 'In' | 'NotIn';

  @ListOf('int32', { doc: 'The exit codes.', optional: true, listType: 'set' })
  values?: number[];
}

@Schema({ doc: 'When a container is restarted otherwise than its policy says.' })
export class ContainerRestartRule {
  @Str({ doc: 'What to do.', enum: ['Restart', 'RestartAllContainers'] })
  action!: 'Restart' | 'RestartAllContainers';

  @Obj(() => ContainerRestartRuleOnExitCodes, { doc: 'Exit codes for which it applies.', optional: true })
  exitCodes?: ContainerRestartRuleOnExitCodes;
}

@Schema({ doc: 'A process tree of the pod, started from an image.' })
export class Container {
  @Str({ doc: 'Name of the container, unique within the pod.', format: 'dnsLabel' })
  name!: string;

  @Str({ doc: 'Image to run.', optional: true })
  image?: string;

  @ListOf('string', {
    doc: "Replaces the image's entrypoint; `$(VAR)` is expanded.",
    optional: true,
    listType: 'atomic',
  })
  command?: string[];

  @ListOf('string', {
    doc: "Replaces the image's arguments; `$(VAR)` is expanded.",
    optional: true,
    listType: 'atomic',
  })
  args?: string[];

  @Str({ doc: "Folder in which it starts; the image's unless given.", optional: true })
  workingDir?: string;

  @ListOf(() => ContainerPort, {
    doc: 'Ports it listens on.',
    optional: true,
    listMapKeys: ['containerPort', 'protocol'],
    patchMergeKey: 'containerPort',
    patchStrategy: 'merge',
  })
  ports?: ContainerPort[];

  @ListOf(() => EnvFromSource, {
    doc: 'ConfigMaps and Secrets whose keys become environment variables.',
    optional: true,
    listType: 'atomic',
  })
  envFrom?: EnvFromSource[];

  @ListOf(() => EnvVar, {
    doc: 'Environment variables.',
    optional: true,
    listMapKeys: ['name'],
    patchMergeKey: 'name',
    patchStrategy: 'merge',
  })
  env?: EnvVar[];

  @Obj(() => ResourceRequirements, { doc: 'What it needs and may use.', default: {} })
  resources!: ResourceRequirements;

  @ListOf(() => ContainerResizePolicy, {
    doc: 'What changing its resources takes.',
    optional: true,
    listType: 'atomic',
  })
  resizePolicy?: ContainerResizePolicy[];

  @Str({
    doc: "Its own restart policy, in place of the pod's; `Always` makes an init container a sidecar.",
    optional: true,
    enum: ['Always', 'OnFailure', 'Never'],
  })
  restartPolicy?: 'Always' | 'OnFailure' | 'Never';

  @ListOf(() => ContainerRestartRule, { doc: 'Exceptions to its restart policy.', optional: true, listType: 'atomic' })
  restartPolicyRules?: ContainerRestartRule[];

  @ListOf(() => VolumeMount, {
    doc: 'Where volumes appear in it.',
    optional: true,
    listMapKeys: ['mountPath'],
    patchMergeKey: 'mountPath',
    patchStrategy: 'merge',
  })
  volumeMounts?: VolumeMount[];

  @ListOf(() => VolumeDevice, {
    doc: 'Where block volumes appear in it.',
    optional: true,
    listMapKeys: ['devicePath'],
    patchMergeKey: 'devicePath',
    patchStrategy: 'merge',
  })
  volumeDevices?: VolumeDevice[];

  @Obj(() => Probe, { doc: 'Failing restarts it.', optional: true })
  livenessProbe?: Probe;

  @Obj(() => Probe, { doc: 'Failing takes the pod out of its services.', optional: true })
  readinessProbe?: Probe;

  @Obj(() => Probe, { doc: 'The other probes wait until it succeeds.', optional: true })
  startupProbe?: Probe;

  @Obj(() => Lifecycle, { doc: 'Hooks after start and before stop.', optional: true })
  lifecycle?: Lifecycle;

  @Str({ doc: 'File whose content becomes the message of its end.', default: '/dev/termination-log' })
  terminationMessagePath!: string;

  @Str({ doc: 'Where the message comes from.', enum: ['File', 'FallbackToLogsOnError'], default: 'File' })
  terminationMessagePolicy!: 'File' | 'FallbackToLogsOnError';

  @Str({
    doc: 'When to pull; Always for tag `latest`, otherwise IfNotPresent, unless given.',
    optional: true,
    enum: ['Always', 'IfNotPresent', 'Never'],
  })
  imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';

  @Obj(() => SecurityContext, { doc: 'Its privileges.', optional: true })
  securityContext?: SecurityContext;

  @Bool({ doc: 'Keep its standard input open.', optional: true })
  stdin?: boolean;

  @Bool({ doc: 'Close standard input after the first attached client leaves.', optional: true })
  stdinOnce?: boolean;

  @Bool({ doc: 'Give it a terminal.', optional: true })
  tty?: boolean;
}

@Schema({ doc: 'A container added to a running pod for debugging.' })
export class EphemeralContainer extends Container {
  @Str({ doc: 'Container whose process namespace it joins.', optional: true })
  targetContainerName?: string;
}
