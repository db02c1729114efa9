import { Int, Schema, Str, Timestamp } from '../fields';

@Schema({ package: 'io.k8s.apimachinery.pkg.apis.meta.v1', doc: 'One yes-or-no fact about an object.' })
export class Condition {
  @Str({ doc: 'The fact.' })
  type!: string;

  @Str({ doc: 'True, False or Unknown.', enum: ['True', 'False', 'Unknown'] })
  status!: 'True' | 'False' | 'Unknown';

  @Int({ doc: 'Generation of the object it was made from.', optional: true, min: 0, bits: 64 })
  observedGeneration?: number;

  @Timestamp({ doc: 'When its status last changed.' })
  lastTransitionTime!: string;

  @Str({ doc: 'Short word for the reason.' })
  reason!: string;

  @Str({ doc: 'The reason in a sentence.', default: '' })
  message!: string;
}
