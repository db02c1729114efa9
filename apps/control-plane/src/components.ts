import type { Clock, Closeable } from '@gantry/base';
import type { User } from '@gantry/api';
import type { Transport } from '@gantry/client';
import type { Store } from '@gantry/store';
import type { Logger, Metrics } from '@gantry/observability';
import type { StreamingEndpoint } from './apiserver/streaming/streaming';
import type { Pki } from './auth/pki/pki';
import type { Settings } from './settings/settings';

/** What every part of the control plane is given when it starts. */
export interface ControlPlane {
  settings: Settings;
  /** The apiserver in this process, seen as one user; every request passes the whole pipeline. */
  transport: (user: User) => Transport;
  /** The cluster's CA, which signs node certificates, and the key pair that TLS servers of the control plane show. */
  pki: Pki;
  /** For leader election and fenced writes only: state belongs behind `transport`. */
  store: Store;
  metrics: Metrics;
  log: Logger;
  clock: Clock;
}

/**
 * A part of the control plane beside the apiserver: node gateway, scheduler, reconcilers.
 * Started once the apiserver answers; closed before it stops.
 */
export type ComponentFactory = (plane: ControlPlane) => Promise<Closeable>;

/** The gateway also serves what users stream from pods. */
export type NodeGatewayFactory = (plane: ControlPlane) => Promise<Closeable & { streaming: StreamingEndpoint }>;
