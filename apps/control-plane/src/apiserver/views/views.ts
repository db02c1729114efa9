import type { KindInfo } from '@gantry/api';
import { finalizeView } from './finalize-view';
import { objectView } from './object-view';
import { scaleView } from './scale-view';
import { statusView } from './status-view';
import type { View } from './view';

/** The view behind a subresource that can be read and written like an object; undefined when the kind has no such. */
export function viewOf(kind: KindInfo, subresource: string | undefined): View | undefined {
  switch (subresource) {
    case undefined:
      return objectView;
    case 'status':
      return kind.status ? statusView : undefined;
    case 'scale':
      return kind.scale ? scaleView : undefined;
    case 'finalize':
      return kind.qualifiedResource === 'namespaces' ? finalizeView : undefined;
    default:
      return undefined;
  }
}
