import type { Clock } from '@gantry/base';
import type { EventRecorder, InformerSet, TypedClient } from '@gantry/client';

/** What every reconciler works with. */
export interface ReconcilerParts {
  client: TypedClient;
  informers: InformerSet;
  events: EventRecorder;
  clock: Clock;
}
