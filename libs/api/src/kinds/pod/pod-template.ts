import { Obj, Schema } from '../../fields';
import { Kind } from '../../kind';
import { NamespacedObject, ObjectMeta } from '../../meta';
import { PodSpec } from './pod-spec';
import { podTemplateStrategy } from '../workload/workload.strategy';
import { podTemplateColumns } from './pod.columns';

@Schema({ doc: 'A pod to be made.' })
export class PodTemplateSpec {
  @Obj(() => ObjectMeta, { doc: 'Labels and annotations of the pods.', optional: true, partial: true })
  metadata?: Partial<ObjectMeta>;

  @Obj(() => PodSpec, { doc: 'What the pods run.' })
  spec!: PodSpec;
}

@Schema({ doc: 'A stored template of pods.' })
@Kind<PodTemplate>({
  group: '',
  version: 'v1',
  plural: 'podtemplates',
  strategy: podTemplateStrategy,
  columns: podTemplateColumns,
})
export class PodTemplate extends NamespacedObject {
  @Obj(() => PodTemplateSpec, { doc: 'The pods to be made.' })
  template!: PodTemplateSpec;
}
