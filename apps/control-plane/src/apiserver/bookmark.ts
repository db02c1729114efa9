import type { KindInfo } from '@gantry/api';
import type { Bookmark } from '@gantry/store';
import type { InitialEventsEnd } from './verbs/watch';

/** The object of a BOOKMARK event: nothing but a resourceVersion, and word that the initial state is complete. */
export function bookmarkOf(kind: KindInfo, item: Bookmark | InitialEventsEnd): object {
  const annotations = item.type === 'INITIAL-EVENTS-END' ? { 'k8s.io/initial-events-end': 'true' } : undefined;
  const metadata = {
    resourceVersion: String(item.revision),
    creationTimestamp: null,
    ...(annotations && { annotations }),
  };
  return { kind: kind.kind, apiVersion: kind.apiVersion, metadata };
}
