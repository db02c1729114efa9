import { badRequest, StatusError } from '../errors';

/** A patch that is malformed, whatever it is applied to. */
export const malformedPatch = badRequest;

/** A well-formed patch that does not fit the object. */
export function inapplicablePatch(why: string): StatusError {
  const message = `the server rejected our request due to an error in our request: ${why}`;
  return new StatusError('Invalid', message, { causes: [{ message: why }] });
}
