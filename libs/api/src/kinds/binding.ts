import { Obj, Schema } from '../fields';
import { Kind } from '../kind';
import { NamespacedObject } from '../meta';
import { ObjectReference } from './references';

@Schema({ doc: 'Ties a pod to a node.' })
@Kind<Binding>({ group: '', version: 'v1', plural: 'bindings', verbs: ['create'] })
export class Binding extends NamespacedObject {
  @Obj(() => ObjectReference, { doc: 'The node.' })
  target!: ObjectReference;
}
