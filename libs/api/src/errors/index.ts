/** What can go wrong with a request: errors of fields, and the Status that clients get. */
export * from './constructors';
export * from './field-error';
export * from './reasons';
export * from './status';
