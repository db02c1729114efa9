import { Obj, Schema } from '../../fields';
import { Kind } from '../../kind';
import { NamespacedObject } from '../../meta';
import { PodSpec } from './pod-spec';
import { PodStatus } from './pod-status';
import { podStrategy } from './pod.strategy';
import { podSelectableFields, podSubresources } from './pod.access';
import { podColumns } from './pod.columns';

@Schema({ doc: 'Containers that run together on one node, sharing an address and volumes.' })
@Kind<Pod>({
  group: '',
  version: 'v1',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  status: true,
  nameFormat: 'dnsSubdomain',
  strategy: podStrategy,
  columns: podColumns,
  selectableFields: podSelectableFields,
  subresources: podSubresources,
})
export class Pod extends NamespacedObject {
  @Obj(() => PodSpec, { doc: 'What it shall run.' })
  spec!: PodSpec;

  @Obj(() => PodStatus, { doc: 'What is known of it.', default: {} })
  status!: PodStatus;
}
