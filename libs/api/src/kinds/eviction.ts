import { Obj, Schema } from '../fields';
import { Kind } from '../kind';
import { DeleteOptions, NamespacedObject } from '../meta';

@Schema({ doc: 'Asks to remove a pod gently, within its disruption budget.' })
@Kind<Eviction>({ group: 'policy', version: 'v1', plural: 'evictions', verbs: [] })
export class Eviction extends NamespacedObject {
  @Obj(() => DeleteOptions, { doc: 'How to delete it.', optional: true })
  deleteOptions?: DeleteOptions;
}
