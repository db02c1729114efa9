import { cloneJson, validateUpdate } from '@gantry/api';
import type { AnyObject } from '../call';
import { carryMetadata } from '../writes/metadata';
import type { View } from './view';

/** The object itself: everything may be written but its status, where that has a door of its own. */
export const objectView: View = {
  documentKind: (kind) => kind,
  show: (object) => object,

  fold(document, current, call) {
    const object: AnyObject = document;
    const { status } = current as AnyObject;
    carryMetadata(call, object, current);
    if (call.kind.status) {
      if (status === undefined) delete object.status;
      else object.status = cloneJson(status);
    }
    call.kind.strategy.applyDefaults?.(object);
    call.kind.strategy.prepareForUpdate?.(object, current, { now: call.now });
    return object;
  },

  validate: (object, current, kind) => validateUpdate(kind, object, current),
};
