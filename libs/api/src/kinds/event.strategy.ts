import { invalidValue } from '../errors';
import type { Strategy } from '../kind';
import type { Event } from './event';

export const eventStrategy: Strategy<Event> = {
  /** Events live with the object they are about; those of cluster-scoped objects in `default`. */
  validate({ involvedObject, metadata }) {
    const { namespace = '' } = involvedObject;
    if (namespace === metadata.namespace || (namespace === '' && metadata.namespace === 'default')) return [];
    return [invalidValue('involvedObject.namespace', namespace, 'does not match event.namespace')];
  },
};
