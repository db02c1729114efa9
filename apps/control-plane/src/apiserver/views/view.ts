import type { FieldError, KindInfo, KubeObject } from '@gantry/api';
import type { Call } from '../call';

/**
 * How an object is seen and changed through one door: the object itself, its status, its scale.
 * Reading shows a document of the view's kind; writing folds such a document back into the whole object.
 */
export interface View {
  /** The kind of the documents of this view, given the kind of the object behind it. */
  documentKind(kind: KindInfo): KindInfo;

  /** The document for an object. Never the object itself when the two differ. */
  show(object: KubeObject, kind: KindInfo): KubeObject;

  /** The whole object as it is after a write of `document`, which may be kept and changed; `current` may not. */
  fold(document: KubeObject, current: KubeObject, call: Call): KubeObject;

  /** What is wrong with the object after the write. */
  validate(object: KubeObject, current: KubeObject, kind: KindInfo): FieldError[];
}
