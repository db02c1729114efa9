import { forbidden } from '@gantry/api';
import type { AdmissionPlugin } from './admission';

// kube-node-lease may go: nodes make their leases anew once it is back.
const IMMORTAL = new Set<string>(['default', 'kube-system', 'kube-public']);

/** Keeps the namespaces that everything relies on. Missing and terminating ones are refused when objects are stored. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',

  validate({ operation, kind, name }) {
    if (operation !== 'delete' || kind.qualifiedResource !== 'namespaces' || !IMMORTAL.has(name)) return;
    throw forbidden(kind, name, 'this namespace may not be deleted');
  },
};
