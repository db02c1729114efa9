/** A selector that cannot be read; the message is the one Kubernetes gives, meant for a 400 answer. */
export class SelectorError extends Error {
  override name = 'SelectorError';
}
