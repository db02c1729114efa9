import type { Strategy } from '../kind';
import { NAMESPACE_NAME_LABEL } from './well-known';
import type { Namespace } from './namespace';

/** Held until everything in the namespace is gone. */
export const NAMESPACE_FINALIZER = 'kubernetes';

export const namespaceStrategy: Strategy<Namespace> = {
  /** The name as a label lets selectors choose namespaces by name. */
  applyDefaults({ metadata }) {
    if (metadata.name) metadata.labels = { ...metadata.labels, [NAMESPACE_NAME_LABEL]: metadata.name };
  },

  prepareForCreate(namespace) {
    const finalizers = namespace.spec.finalizers ?? [];
    if (!finalizers.includes(NAMESPACE_FINALIZER)) namespace.spec.finalizers = [...finalizers, NAMESPACE_FINALIZER];
    namespace.status = { phase: 'Active' };
  },

  /** Finalizers of the spec change through the subresource `finalize` only. */
  prepareForUpdate(namespace, old) {
    namespace.spec.finalizers = old.spec.finalizers;
  },
};
