import { Int, ListOf, Obj, Schema, Str } from '../../fields';
import { Kind } from '../../kind';
import { NamespacedObject } from '../../meta';
import { ObjectReference } from '../references';
import { endpointsColumns } from './service.columns';
import { endpointsStrategy } from './endpoints.strategy';

@Schema({ doc: 'An address behind a service.' })
export class EndpointAddress {
  @Str({ doc: 'The address.', format: 'ip' })
  ip!: string;

  @Str({ doc: 'Its host name.', optional: true })
  hostname?: string;

  @Str({ doc: 'Node it is on.', optional: true })
  nodeName?: string;

  @Obj(() => ObjectReference, { doc: 'The pod it belongs to.', optional: true })
  targetRef?: ObjectReference;
}

@Schema({ doc: 'A port behind a service.' })
export class EndpointPort {
  @Str({ doc: "Name of the service's port.", optional: true })
  name?: string;

  @Int({ doc: 'The port.', min: 1, max: 65535 })
  port!: number;

  @Str({ doc: 'Its protocol.', enum: ['TCP', 'UDP', 'SCTP'], default: 'TCP' })
  protocol!: 'TCP' | 'UDP' | 'SCTP';

  @Str({ doc: 'Application protocol.', optional: true })
  appProtocol?: string;
}

@Schema({ doc: 'Addresses that offer the same ports.' })
export class EndpointSubset {
  @ListOf(() => EndpointAddress, { doc: 'Those that are ready.', optional: true, listType: 'atomic' })
  addresses?: EndpointAddress[];

  @ListOf(() => EndpointAddress, { doc: 'Those that are not.', optional: true, listType: 'atomic' })
  notReadyAddresses?: EndpointAddress[];

  @ListOf(() => EndpointPort, { doc: 'Their ports.', optional: true, listType: 'atomic' })
  ports?: EndpointPort[];
}

@Schema({ doc: 'The addresses behind a service, in one object.' })
@Kind<Endpoints>({
  group: '',
  version: 'v1',
  plural: 'endpoints',
  shortNames: ['ep'],
  columns: endpointsColumns,
  strategy: endpointsStrategy,
})
export class Endpoints extends NamespacedObject {
  @ListOf(() => EndpointSubset, { doc: 'Addresses and ports.', optional: true, listType: 'atomic' })
  subsets?: EndpointSubset[];
}
