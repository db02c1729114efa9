/**
 * The API as data: what a kind is, what its fields may hold, and what can go wrong with a request.
 *
 * - `fields/` decorators that say a field's type, limits, default and merge keys once
 * - `kind/`   kinds, their own rules, and the registry everything generic runs on
 * - `kinds/`  the built-in kinds, with their defaults, rules and columns
 * - `meta/`   what all objects share
 * - `patch/`  JSON, merge and strategic merge patches
 * - `quantity/` and `selectors/` the two small languages inside objects and requests
 * - `decode/` from parsed JSON to typed objects with defaults
 * - `validation/` limits of fields, metadata, and the rules of a kind
 * - `class-validator/` the same rules for Nest's pipes
 * - `discovery/` and `openapi/` what a server tells clients about its kinds
 * - `json/`   copying, comparing, parsing
 * - `errors/` FieldError and StatusError with Kubernetes' reasons and wording
 * - `request` one request, free of any transport
 */
export * from './class-validator';
export * from './decode';
export * from './discovery';
export * from './errors';
export * from './fields';
export * from './json';
export * from './kind';
export * from './kinds';
export * from './meta';
export * as names from './names';
export * from './patch';
export * from './openapi';
export * from './quantity';
export * from './request';
export * from './selectors';
export * from './validation';
