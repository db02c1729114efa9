/** From parsed JSON to a typed object with defaults, compiled once per class. */
export { decode, decodeOptions } from './decode';
export type { Decoded, DecodeOptions, FieldValidation } from './decode';
