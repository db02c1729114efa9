import { kindOf, KindRegistry } from '../kind';
import { ConfigMap } from './config-map';
import { Event } from './event';
import { Lease } from './lease';
import { Namespace } from './namespace';
import { Node } from './node/node';
import { Pod } from './pod/pod';
import { PodTemplate } from './pod/pod-template';
import { Binding } from './binding';
import { Eviction } from './eviction';
import { Secret } from './secret';
import { ServiceAccount } from './service-account';
import { EndpointSlice } from './service/endpoint-slice';
import { Endpoints } from './service/endpoints';
import { Service } from './service/service';
import { Deployment } from './workload/deployment';
import { ReplicaSet } from './workload/replica-set';
import { Scale } from './workload/scale';

/** The kinds that every server serves; kinds defined at run time are added to it. */
export const builtinKinds = new KindRegistry([
  Pod,
  PodTemplate,
  Node,
  Namespace,
  ConfigMap,
  Secret,
  Service,
  Endpoints,
  Event,
  Binding,
  ServiceAccount,
  Deployment,
  ReplicaSet,
  EndpointSlice,
  Lease,
]);

/** Bodies of subresources: no resources of their own. */
export const scaleKind = kindOf(Scale);
export const evictionKind = kindOf(Eviction);
