/** Whether an object may be stored: its fields' limits, its metadata, and the rules of its kind. */
export { checkAnnotations, checkLabels } from './metadata';
export * from './validate';
