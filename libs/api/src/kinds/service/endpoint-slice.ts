import { Bool, Int, ListOf, MapOf, Obj, Schema, Str } from '../../fields';
import { Kind } from '../../kind';
import { NamespacedObject } from '../../meta';
import { ObjectReference } from '../references';
import { endpointSliceColumns } from './service.columns';
import { endpointSliceStrategy } from './endpoints.strategy';

@Schema({ doc: 'State of an endpoint.' })
export class EndpointConditions {
  @Bool({ doc: 'Takes new connections.', optional: true })
  ready?: boolean;

  @Bool({ doc: 'Answers, even while it is being removed.', optional: true })
  serving?: boolean;

  @Bool({ doc: 'Is being removed.', optional: true })
  terminating?: boolean;
}

@Schema({ doc: 'A zone by name.' })
export class ForZone {
  @Str({ doc: 'The zone.' })
  name!: string;
}

@Schema({ doc: 'A node by name.' })
export class ForNode {
  @Str({ doc: 'The node.' })
  name!: string;
}

@Schema({ doc: 'Who should use an endpoint.' })
export class EndpointHints {
  @ListOf(() => ForZone, { doc: 'Zones.', optional: true, listType: 'atomic' })
  forZones?: ForZone[];

  @ListOf(() => ForNode, { doc: 'Nodes.', optional: true, listType: 'atomic' })
  forNodes?: ForNode[];
}

@Schema({ doc: 'One backend of a service.' })
export class Endpoint {
  @ListOf('string', { doc: 'Its addresses, all the same backend.', listType: 'set' })
  addresses!: string[];

  @Obj(() => EndpointConditions, { doc: 'Its state.', default: {} })
  conditions!: EndpointConditions;

  @Str({ doc: 'Its host name.', optional: true })
  hostname?: string;

  @Obj(() => ObjectReference, { doc: 'The pod it belongs to.', optional: true })
  targetRef?: ObjectReference;

  @MapOf('string', { doc: 'Topology of the first version (no longer used).', optional: true })
  deprecatedTopology?: Record<string, string>;

  @Str({ doc: 'Node it is on.', optional: true })
  nodeName?: string;

  @Str({ doc: 'Zone it is in.', optional: true })
  zone?: string;

  @Obj(() => EndpointHints, { doc: 'Who should use it.', optional: true })
  hints?: EndpointHints;
}

@Schema({ name: 'EndpointPort', doc: 'A port that all endpoints of the slice offer.' })
export class EndpointSlicePort {
  @Str({ doc: "Name of the service's port.", default: '' })
  name!: string;

  @Str({ doc: 'Its protocol.', enum: ['TCP', 'UDP', 'SCTP'], default: 'TCP' })
  protocol!: 'TCP' | 'UDP' | 'SCTP';

  @Int({ doc: 'The port.', optional: true })
  port?: number;

  @Str({ doc: 'Application protocol.', optional: true })
  appProtocol?: string;
}

@Schema({ doc: 'Some of the backends of a service.' })
@Kind<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  plural: 'endpointslices',
  columns: endpointSliceColumns,
  strategy: endpointSliceStrategy,
})
export class EndpointSlice extends NamespacedObject {
  @Str({ doc: 'Kind of addresses.', enum: ['IPv4', 'IPv6', 'FQDN'], immutable: true })
  addressType!: 'IPv4' | 'IPv6' | 'FQDN';

  @ListOf(() => Endpoint, { doc: 'The backends.', listType: 'atomic', default: [] })
  endpoints!: Endpoint[];

  @ListOf(() => EndpointSlicePort, { doc: 'Their ports.', optional: true, listType: 'atomic' })
  ports?: EndpointSlicePort[];
}
