import { Bool, Int, IntOrString, ListOf, MapOf, Obj, Schema, Str } from '../../fields';
import { Kind } from '../../kind';
import { NamespacedObject } from '../../meta';
import { Condition } from '../condition';
import { serviceStrategy } from './service.strategy';
import { serviceColumns } from './service.columns';

@Schema({ doc: 'A port of a service.' })
export class ServicePort {
  @Str({ doc: 'Name of the port; needed when there are several.', optional: true, format: 'dnsLabel' })
  name?: string;

  @Str({ doc: 'Transport protocol.', enum: ['TCP', 'UDP', 'SCTP'], default: 'TCP' })
  protocol!: 'TCP' | 'UDP' | 'SCTP';

  @Str({ doc: 'Application protocol.', optional: true })
  appProtocol?: string;

  @Int({ doc: 'The port of the service.', min: 1, max: 65535 })
  port!: number;

  @IntOrString({ doc: "Number or name of the pods' port; the same number unless given.", optional: true })
  targetPort?: number | string;

  @Int({ doc: 'Port of every node that leads to the service.', optional: true, min: 0, max: 65535 })
  nodePort?: number;
}

@Schema({ doc: 'Affinity by client address.' })
export class ClientIPConfig {
  @Int({ doc: 'Seconds after the last connection that the affinity holds.', optional: true, min: 1, max: 86400 })
  timeoutSeconds?: number;
}

@Schema({ doc: 'Settings of the affinity.' })
export class SessionAffinityConfig {
  @Obj(() => ClientIPConfig, { doc: 'Affinity by client address.', optional: true })
  clientIP?: ClientIPConfig;
}

@Schema({ doc: 'Which pods a service leads to, and how.' })
export class ServiceSpec {
  @Str({
    doc: 'How the service is reached.',
    enum: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
    default: 'ClusterIP',
  })
  type!: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';

  @MapOf('string', { doc: 'Labels of the pods; endpoints are kept by others when absent.', optional: true })
  selector?: Record<string, string>;

  @ListOf(() => ServicePort, {
    doc: 'Its ports.',
    optional: true,
    listMapKeys: ['port', 'protocol'],
    patchMergeKey: 'port',
    patchStrategy: 'merge',
  })
  ports?: ServicePort[];

  @Str({ doc: 'Address inside the cluster; `None` for a headless service.', optional: true })
  clusterIP?: string;

  @ListOf('string', { doc: 'The same, at most one per family.', optional: true, listType: 'atomic' })
  clusterIPs?: string[];

  @ListOf('string', { doc: 'Families of its addresses.', optional: true, listType: 'atomic' })
  ipFamilies?: string[];

  @Str({
    doc: 'How many families it has.',
    optional: true,
    enum: ['SingleStack', 'PreferDualStack', 'RequireDualStack'],
  })
  ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';

  @ListOf('string', { doc: 'Further addresses that nodes accept for it.', optional: true, listType: 'atomic' })
  externalIPs?: string[];

  @Str({ doc: 'Whether a client stays with one pod.', enum: ['ClientIP', 'None'], default: 'None' })
  sessionAffinity!: 'ClientIP' | 'None';

  @Obj(() => SessionAffinityConfig, { doc: 'Settings of the affinity.', optional: true })
  sessionAffinityConfig?: SessionAffinityConfig;

  @Str({ doc: 'Address wished from the load balancer.', optional: true })
  loadBalancerIP?: string;

  @ListOf('string', { doc: 'Client ranges the load balancer lets through.', optional: true, listType: 'atomic' })
  loadBalancerSourceRanges?: string[];

  @Str({ doc: 'Which load balancer serves it.', optional: true })
  loadBalancerClass?: string;

  @Bool({ doc: 'Whether a LoadBalancer service gets node ports.', optional: true })
  allocateLoadBalancerNodePorts?: boolean;

  @Str({ doc: 'DNS name that an ExternalName service stands for.', optional: true })
  externalName?: string;

  @Str({ doc: 'Whether outside traffic may cross nodes.', optional: true, enum: ['Cluster', 'Local'] })
  externalTrafficPolicy?: 'Cluster' | 'Local';

  @Str({ doc: 'Whether inside traffic may cross nodes.', optional: true, enum: ['Cluster', 'Local'] })
  internalTrafficPolicy?: 'Cluster' | 'Local';

  @Int({ doc: 'Port where a load balancer asks for local pods.', optional: true })
  healthCheckNodePort?: number;

  @Bool({ doc: 'Count pods that are not ready.', optional: true })
  publishNotReadyAddresses?: boolean;

  @Str({ doc: 'Which endpoints are preferred.', optional: true })
  trafficDistribution?: string;
}

@Schema({ doc: 'State of a port of a load balancer.' })
export class PortStatus {
  @Int({ doc: 'The port.' })
  port!: number;

  @Str({ doc: 'Its protocol.', enum: ['TCP', 'UDP', 'SCTP'], default: 'TCP' })
  protocol!: 'TCP' | 'UDP' | 'SCTP';

  @Str({ doc: 'What went wrong.', optional: true })
  error?: string;
}

@Schema({ doc: 'An entry of a load balancer.' })
export class LoadBalancerIngress {
  @Str({ doc: 'Its address.', optional: true })
  ip?: string;

  @Str({ doc: 'Its name.', optional: true })
  hostname?: string;

  @Str({ doc: 'Whether traffic comes to the node as is or through a proxy.', optional: true, enum: ['VIP', 'Proxy'] })
  ipMode?: 'VIP' | 'Proxy';

  @ListOf(() => PortStatus, { doc: 'State of its ports.', optional: true, listType: 'atomic' })
  ports?: PortStatus[];
}

@Schema({ doc: 'State of the load balancer.' })
export class LoadBalancerStatus {
  @ListOf(() => LoadBalancerIngress, { doc: 'Its entries.', optional: true, listType: 'atomic' })
  ingress?: LoadBalancerIngress[];
}

@Schema({ doc: 'What is known of a service.' })
export class ServiceStatus {
  @Obj(() => LoadBalancerStatus, { doc: 'State of the load balancer.', optional: true })
  loadBalancer?: LoadBalancerStatus;

  @ListOf(() => Condition, {
    doc: 'Yes-or-no facts.',
    optional: true,
    listMapKeys: ['type'],
    patchMergeKey: 'type',
    patchStrategy: 'merge',
  })
  conditions?: Condition[];
}

@Schema({ doc: 'A lasting address for a changing set of pods.' })
@Kind<Service>({
  group: '',
  version: 'v1',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  status: true,
  nameFormat: 'dns1035Label',
  strategy: serviceStrategy,
  columns: serviceColumns,
  selectableFields: { 'spec.clusterIP': ({ spec }) => spec.clusterIP ?? '', 'spec.type': ({ spec }) => spec.type },
})
export class Service extends NamespacedObject {
  @Obj(() => ServiceSpec, { doc: 'Which pods it leads to.' })
  spec!: ServiceSpec;

  @Obj(() => ServiceStatus, { doc: 'What is known of it.', default: { loadBalancer: {} } })
  status!: ServiceStatus;
}
