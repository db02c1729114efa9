import { Int, MicroTime, Obj, Schema, Str } from '../fields';
import { ageColumn, Kind, nameColumn } from '../kind';
import { NamespacedObject } from '../meta';

@Schema({ doc: 'Who holds it, until when.' })
export class LeaseSpec {
  @Str({ doc: 'Who holds it.', optional: true })
  holderIdentity?: string;

  @Int({ doc: 'Seconds after the renewal at which others may take it.', optional: true, min: 1 })
  leaseDurationSeconds?: number;

  @MicroTime({ doc: 'When the holder took it.', optional: true })
  acquireTime?: string;

  @MicroTime({ doc: 'When the holder last renewed it.', optional: true })
  renewTime?: string;

  @Int({ doc: 'How often it changed hands.', optional: true, min: 0 })
  leaseTransitions?: number;

  @Str({ doc: 'How a coordinated election picks the leader.', optional: true })
  strategy?: string;

  @Str({ doc: 'Who shall get it next.', optional: true })
  preferredHolder?: string;
}

@Schema({ doc: 'A claim that its holder keeps renewing.' })
@Kind<Lease>({
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  columns: [
    nameColumn,
    { name: 'Holder', type: 'string', description: 'Who holds it.', value: ({ spec }) => spec?.holderIdentity ?? '' },
    ageColumn,
  ],
})
export class Lease extends NamespacedObject {
  @Obj(() => LeaseSpec, { doc: 'Who holds it, until when.', optional: true })
  spec?: LeaseSpec;
}
