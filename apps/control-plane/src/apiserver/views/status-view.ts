import { cloneJson, validateStatusUpdate } from '@gantry/api';
import type { AnyObject } from '../call';
import type { View } from './view';

/** `/status`: the status may be written and nothing else, whatever else the document holds. */
export const statusView: View = {
  documentKind: (kind) => kind,
  show: (object) => object,

  fold(document, current) {
    const object = cloneJson(current) as AnyObject;
    const { status } = document as AnyObject;
    if (status === undefined) delete object.status;
    else object.status = status;
    return object;
  },

  validate: (object, current, kind) => validateStatusUpdate(kind, object, current),
};
