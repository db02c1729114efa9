/** Choosing objects by labels and fields, from the texts of the API's parameters and from selectors inside objects. */
export * from './error';
export * from './field-selector';
export * from './label-selector';
export * from './label-text';
export * from './node-selector';
export { Selector } from './selector';
export type { Labels, Requirement, SelectorOperator } from './selector';
