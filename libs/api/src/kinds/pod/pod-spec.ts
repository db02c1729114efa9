import { Bool, Int, ListOf, MapOf, Obj, Schema, Str } from '../../fields';
import { LocalObjectReference } from '../references';
import { Affinity } from './affinity';
import { Container, EphemeralContainer } from './container';
import { ResourceRequirements } from './resources';
import {
  PodReadinessGate,
  PodResourceClaim,
  PodSchedulingGate,
  Toleration,
  TopologySpreadConstraint,
} from './scheduling';
import { PodSecurityContext } from './security-context';
import { Volume } from './volume';

@Schema({ doc: "The operating system of the pod's containers." })
export class PodOS {
  @Str({ doc: 'linux or windows.' })
  name!: string;
}

@Schema({ doc: "A line of the pod's hosts file." })
export class HostAlias {
  @Str({ doc: 'Address.', format: 'ip' })
  ip!: string;

  @ListOf('string', { doc: 'Names for it.', optional: true, listType: 'atomic' })
  hostnames?: string[];
}

@Schema({ doc: 'A resolver option.' })
export class PodDNSConfigOption {
  @Str({ doc: 'Name of the option.', optional: true })
  name?: string;

  @Str({ doc: 'Its value.', optional: true })
  value?: string;
}

@Schema({ doc: 'Resolver settings added to those of the DNS policy.' })
export class PodDNSConfig {
  @ListOf('string', { doc: 'Addresses of name servers.', optional: true, listType: 'atomic' })
  nameservers?: string[];

  @ListOf('string', { doc: 'Search domains.', optional: true, listType: 'atomic' })
  searches?: string[];

  @ListOf(() => PodDNSConfigOption, { doc: 'Resolver options.', optional: true, listType: 'atomic' })
  options?: PodDNSConfigOption[];
}

@Schema({ doc: 'What a pod shall run and how.' })
export class PodSpec {
  @ListOf(() => Volume, {
    doc: 'Storage its containers can mount.',
    optional: true,
    listMapKeys: ['name'],
    patchMergeKey: 'name',
    patchStrategy: 'merge,retainKeys',
  })
  volumes?: Volume[];

  @ListOf(() => Container, {
    doc: 'Containers that run one after the other before the others start.',
    optional: true,
    listMapKeys: ['name'],
    patchMergeKey: 'name',
    patchStrategy: 'merge',
  })
  initContainers?: Container[];

  @ListOf(() => Container, {
    doc: 'Its containers.',
    listMapKeys: ['name'],
    patchMergeKey: 'name',
    patchStrategy: 'merge',
  })
  containers!: Container[];

  @ListOf(() => EphemeralContainer, {
    doc: 'Containers added for debugging, through the subresource of that name.',
    optional: true,
    listMapKeys: ['name'],
    patchMergeKey: 'name',
    patchStrategy: 'merge',
  })
  ephemeralContainers?: EphemeralContainer[];

  @Str({ doc: 'When ended containers are started again.', enum: ['Always', 'OnFailure', 'Never'], default: 'Always' })
  restartPolicy!: 'Always' | 'OnFailure' | 'Never';

  @Int({ doc: 'Seconds between the request to stop and the kill.', default: 30, bits: 64, min: 0 })
  terminationGracePeriodSeconds!: number;

  @Int({
    doc: 'Seconds after the start at which the pod is failed.',
    optional: true,
    bits: 64,
    min: 1,
    max: 2147483647,
  })
  activeDeadlineSeconds?: number;

  @Str({
    doc: 'Where the resolver settings come from.',
    enum: ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'],
    default: 'ClusterFirst',
  })
  dnsPolicy!: 'ClusterFirstWithHostNet' | 'ClusterFirst' | 'Default' | 'None';

  @MapOf('string', { doc: 'Labels that the node must have.', optional: true })
  nodeSelector?: Record<string, string>;

  @Str({ doc: 'Service account it runs as.', optional: true, format: 'dnsSubdomain' })
  serviceAccountName?: string;

  @Str({ doc: 'Old name of serviceAccountName.', optional: true })
  serviceAccount?: string;

  @Bool({ doc: 'Whether a token of the service account is mounted.', optional: true })
  automountServiceAccountToken?: boolean;

  @Str({ doc: 'Node it runs on; set by the scheduler unless given.', optional: true, format: 'dnsSubdomain' })
  nodeName?: string;

  @Bool({ doc: "Use the node's network.", optional: true })
  hostNetwork?: boolean;

  @Bool({ doc: "Use the node's process namespace.", optional: true })
  hostPID?: boolean;

  @Bool({ doc: "Use the node's IPC namespace.", optional: true })
  hostIPC?: boolean;

  @Bool({ doc: 'One process namespace for all containers.', optional: true })
  shareProcessNamespace?: boolean;

  @Obj(() => PodSecurityContext, { doc: 'Privileges of its containers.', default: {} })
  securityContext!: PodSecurityContext;

  @ListOf(() => LocalObjectReference, {
    doc: 'Secrets with registry credentials.',
    optional: true,
    listMapKeys: ['name'],
    patchMergeKey: 'name',
    patchStrategy: 'merge',
  })
  imagePullSecrets?: LocalObjectReference[];

  @Str({ doc: "Host name; the pod's name unless given.", optional: true, format: 'dnsLabel' })
  hostname?: string;

  @Str({ doc: 'Makes the full host name hostname.subdomain.namespace.svc.domain.', optional: true, format: 'dnsLabel' })
  subdomain?: string;

  @Obj(() => Affinity, { doc: 'Where it must or should run.', optional: true })
  affinity?: Affinity;

  @Str({ doc: 'Scheduler that places it.', default: 'default-scheduler', format: 'dnsSubdomain' })
  schedulerName!: string;

  @ListOf(() => Toleration, { doc: 'Taints it accepts.', optional: true, listType: 'atomic' })
  tolerations?: Toleration[];

  @ListOf(() => HostAlias, {
    doc: 'Lines of its hosts file.',
    optional: true,
    listMapKeys: ['ip'],
    patchMergeKey: 'ip',
    patchStrategy: 'merge',
  })
  hostAliases?: HostAlias[];

  @Str({ doc: 'Class that gives its priority.', optional: true, format: 'dnsSubdomain' })
  priorityClassName?: string;

  @Int({ doc: 'Its priority; higher ones come first and may push others out.', optional: true })
  priority?: number;

  @Obj(() => PodDNSConfig, { doc: 'Resolver settings added to those of the policy.', optional: true })
  dnsConfig?: PodDNSConfig;

  @ListOf(() => PodReadinessGate, { doc: 'Further conditions for it to be ready.', optional: true, listType: 'atomic' })
  readinessGates?: PodReadinessGate[];

  @Str({ doc: 'Class of runtime.', optional: true })
  runtimeClassName?: string;

  @Bool({ doc: 'Whether services appear as environment variables.', optional: true })
  enableServiceLinks?: boolean;

  @Str({
    doc: 'Whether it may push out pods of lower priority.',
    optional: true,
    enum: ['Never', 'PreemptLowerPriority'],
  })
  preemptionPolicy?: 'Never' | 'PreemptLowerPriority';

  @MapOf('quantity', { doc: 'Resources of the sandbox itself.', optional: true })
  overhead?: Record<string, string>;

  @ListOf(() => TopologySpreadConstraint, {
    doc: 'How evenly its likes are spread.',
    optional: true,
    listMapKeys: ['topologyKey', 'whenUnsatisfiable'],
    patchMergeKey: 'topologyKey',
    patchStrategy: 'merge',
  })
  topologySpreadConstraints?: TopologySpreadConstraint[];

  @Bool({ doc: "Use the full host name as the kernel's host name.", optional: true })
  setHostnameAsFQDN?: boolean;

  @Obj(() => PodOS, { doc: 'Operating system of its containers.', optional: true })
  os?: PodOS;

  @Bool({ doc: "Use the node's user namespace; false gives the pod its own.", optional: true })
  hostUsers?: boolean;

  @ListOf(() => PodSchedulingGate, {
    doc: 'What holds it back from scheduling.',
    optional: true,
    listMapKeys: ['name'],
    patchMergeKey: 'name',
    patchStrategy: 'merge',
  })
  schedulingGates?: PodSchedulingGate[];

  @ListOf(() => PodResourceClaim, {
    doc: 'Claims its containers may use.',
    optional: true,
    listMapKeys: ['name'],
    patchMergeKey: 'name',
    patchStrategy: 'merge,retainKeys',
  })
  resourceClaims?: PodResourceClaim[];

  @Obj(() => ResourceRequirements, { doc: 'Resources of the pod as a whole.', optional: true })
  resources?: ResourceRequirements;

  @Str({ doc: 'Host name as the containers see it, whatever hostname and subdomain say.', optional: true })
  hostnameOverride?: string;
}
