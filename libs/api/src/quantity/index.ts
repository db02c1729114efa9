/** Amounts of resources, read, compared, added and printed exactly as Kubernetes does. */
export type { QuantityFormat } from './format';
export { QuantityError } from './parse';
export * from './quantity';
