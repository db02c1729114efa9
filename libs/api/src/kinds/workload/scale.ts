import { Int, Obj, Schema, Str } from '../../fields';
import { Kind } from '../../kind';
import { NamespacedObject } from '../../meta';

@Schema({ doc: 'The size asked for.' })
export class ScaleSpec {
  @Int({ doc: 'How many pods.', optional: true, min: 0 })
  replicas?: number;
}

@Schema({ doc: 'The size there is.' })
export class ScaleStatus {
  @Int({ doc: 'Pods there are.', default: 0 })
  replicas!: number;

  @Str({ doc: 'The pods, as label selector text.', optional: true })
  selector?: string;
}

@Schema({ doc: 'The size of a scalable object.' })
@Kind<Scale>({ group: 'autoscaling', version: 'v1', plural: 'scales', verbs: [] })
export class Scale extends NamespacedObject {
  @Obj(() => ScaleSpec, { doc: 'The size asked for.', optional: true })
  spec?: ScaleSpec;

  @Obj(() => ScaleStatus, { doc: 'The size there is.', optional: true })
  status?: ScaleStatus;
}
