import { StatusError } from '../errors';

/** A selector that cannot be read: a 400 answer in Kubernetes' words. */
export class SelectorError extends StatusError {
  override name = 'SelectorError';

  constructor(message: string) {
    super('BadRequest', message);
  }
}
