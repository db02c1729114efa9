import { type Namespace, cloneJson } from '@gantry/api';
import type { View } from './view';

/** `namespaces/finalize`: who must still clean up before the namespace is gone. */
export const finalizeView: View = {
  documentKind: (kind) => kind,
  show: (object) => object,

  fold(document, current) {
    const namespace = cloneJson(current) as Namespace;
    namespace.spec = { ...namespace.spec, finalizers: (document as Namespace).spec.finalizers };
    return namespace;
  },

  validate: () => [],
};
