import { Bool, Int, ListOf, MapOf, Obj, Schema, Str, Timestamp } from '../../fields';
import { NodeConfigSource } from './node-spec';

@Schema({ doc: 'One yes-or-no fact about a node.' })
export class NodeCondition {
  @Str({ doc: 'Ready, MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable, …' })
  type!: string;

  @Str({ doc: 'True, False or Unknown.', enum: ['True', 'False', 'Unknown'] })
  status!: 'True' | 'False' | 'Unknown';

  @Str({ doc: 'Short word for the reason.', optional: true })
  reason?: string;

  @Str({ doc: 'The reason in a sentence.', optional: true })
  message?: string;

  @Timestamp({ doc: 'When it was last reported.', optional: true })
  lastHeartbeatTime?: string;

  @Timestamp({ doc: 'When its status last changed.', optional: true })
  lastTransitionTime?: string;
}

@Schema({ doc: 'An address of a node.' })
export class NodeAddress {
  @Str({ doc: 'Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.' })
  type!: string;

  @Str({ doc: 'The address.' })
  address!: string;
}

@Schema({ doc: 'A port of a daemon.' })
export class DaemonEndpoint {
  @Int({ doc: 'The port.' })
  Port!: number;
}

@Schema({ doc: "Ports of the node's daemons." })
export class NodeDaemonEndpoints {
  @Obj(() => DaemonEndpoint, { doc: 'Port of the agent.', optional: true })
  kubeletEndpoint?: DaemonEndpoint;
}

@Schema({ doc: 'Swap of a machine.' })
export class NodeSwapStatus {
  @Int({ doc: 'Bytes of swap.', optional: true, bits: 64 })
  capacity?: number;
}

@Schema({ doc: 'Facts about the machine and what runs on it.' })
export class NodeSystemInfo {
  @Str({ doc: 'Identifier of the installation (/etc/machine-id).', default: '' })
  machineID!: string;

  @Str({ doc: 'Identifier of the machine.', default: '' })
  systemUUID!: string;

  @Str({ doc: 'Identifier of the boot.', default: '' })
  bootID!: string;

  @Str({ doc: 'Version of the kernel.', default: '' })
  kernelVersion!: string;

  @Str({ doc: 'Name of the operating system.', default: '' })
  osImage!: string;

  @Str({ doc: 'Container runtime as `name://version`.', default: '' })
  containerRuntimeVersion!: string;

  @Str({ doc: 'Version of the agent.', default: '' })
  kubeletVersion!: string;

  @Str({ doc: 'No longer used.', default: '' })
  kubeProxyVersion!: string;

  @Str({ doc: 'Such as linux.', default: '' })
  operatingSystem!: string;

  @Str({ doc: 'Such as amd64.', default: '' })
  architecture!: string;

  @Obj(() => NodeSwapStatus, { doc: 'Swap of the machine.', optional: true })
  swap?: NodeSwapStatus;
}

@Schema({ doc: 'An image on a node.' })
export class ContainerImage {
  @ListOf('string', { doc: 'References that lead to it.', optional: true, listType: 'atomic' })
  names?: string[];

  @Int({ doc: 'Size in bytes.', optional: true, bits: 64 })
  sizeBytes?: number;
}

@Schema({ doc: 'A volume attached to a node.' })
export class AttachedVolume {
  @Str({ doc: 'The volume.' })
  name!: string;

  @Str({ doc: 'Its device.' })
  devicePath!: string;
}

@Schema({ doc: "State of the node's settings (no longer used)." })
export class NodeConfigStatus {
  @Obj(() => NodeConfigSource, { doc: 'What it shall use.', optional: true })
  assigned?: NodeConfigSource;

  @Obj(() => NodeConfigSource, { doc: 'What it uses.', optional: true })
  active?: NodeConfigSource;

  @Obj(() => NodeConfigSource, { doc: 'What it falls back to.', optional: true })
  lastKnownGood?: NodeConfigSource;

  @Str({ doc: 'What went wrong.', optional: true })
  error?: string;
}

@Schema({ doc: 'Abilities of a runtime handler.' })
export class NodeRuntimeHandlerFeatures {
  @Bool({ doc: 'Mounts that are read-only with all below them.', optional: true })
  recursiveReadOnlyMounts?: boolean;

  @Bool({ doc: 'User namespaces.', optional: true })
  userNamespaces?: boolean;
}

@Schema({ doc: 'A runtime handler of a node.' })
export class NodeRuntimeHandler {
  @Str({ doc: 'Its name; the default one when empty.', default: '' })
  name!: string;

  @Obj(() => NodeRuntimeHandlerFeatures, { doc: 'Its abilities.', optional: true })
  features?: NodeRuntimeHandlerFeatures;
}

@Schema({ doc: 'Abilities of the container runtime.' })
export class NodeFeatures {
  @Bool({ doc: 'Whether supplementalGroupsPolicy works.', optional: true })
  supplementalGroupsPolicy?: boolean;
}

@Schema({ doc: 'What is known of a node.' })
export class NodeStatus {
  @MapOf('quantity', { doc: 'All its resources.', optional: true })
  capacity?: Record<string, string>;

  @MapOf('quantity', { doc: 'Resources that pods may use.', optional: true })
  allocatable?: Record<string, string>;

  @Str({ doc: 'No longer used.', optional: true, enum: ['Pending', 'Running', 'Terminated'] })
  phase?: 'Pending' | 'Running' | 'Terminated';

  @ListOf(() => NodeCondition, {
    doc: 'Yes-or-no facts.',
    optional: true,
    listMapKeys: ['type'],
    patchMergeKey: 'type',
    patchStrategy: 'merge',
  })
  conditions?: NodeCondition[];

  @ListOf(() => NodeAddress, {
    doc: 'How it is reached.',
    optional: true,
    listMapKeys: ['type'],
    patchMergeKey: 'type',
    patchStrategy: 'merge',
  })
  addresses?: NodeAddress[];

  @Obj(() => NodeDaemonEndpoints, { doc: 'Ports of its daemons.', optional: true })
  daemonEndpoints?: NodeDaemonEndpoints;

  @Obj(() => NodeSystemInfo, { doc: 'Facts about the machine.', optional: true })
  nodeInfo?: NodeSystemInfo;

  @ListOf(() => ContainerImage, { doc: 'Images on it.', optional: true, listType: 'atomic' })
  images?: ContainerImage[];

  @ListOf('string', { doc: 'Volumes its pods use.', optional: true, listType: 'atomic' })
  volumesInUse?: string[];

  @ListOf(() => AttachedVolume, { doc: 'Volumes attached to it.', optional: true, listType: 'atomic' })
  volumesAttached?: AttachedVolume[];

  @Obj(() => NodeConfigStatus, { doc: 'State of its settings (no longer used).', optional: true })
  config?: NodeConfigStatus;

  @ListOf(() => NodeRuntimeHandler, { doc: 'Its runtime handlers.', optional: true, listType: 'atomic' })
  runtimeHandlers?: NodeRuntimeHandler[];

  @Obj(() => NodeFeatures, { doc: 'Abilities of its runtime.', optional: true })
  features?: NodeFeatures;
}
