import { badRequest } from '../errors';
import { schemaName } from '../fields';
import type { SchemaClass } from '../fields';
import type { KindInfo } from '../kind';
import type { KubeObject } from '../meta';
import { Findings } from './findings';
import { objectReader } from './reader';

/** What to do about fields that are unknown or given twice (KEP-2885). Unknown fields are never kept. */
export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface DecodeOptions {
  /** Warn unless told, as in Kubernetes. */
  fieldValidation?: FieldValidation;
  /** Fields given twice, which only the parser of the text knows ({@link parseJson}). */
  duplicates?: readonly string[];
}

export interface Decoded<T> {
  object: T;
  /** For the client's `Warning` headers. */
  warnings: string[];
}

/**
 * Reads an object of a kind from parsed JSON: types checked, nulls and unknown fields gone, static defaults set.
 * The result shares nothing but free-form JSON with the body. Values and limits are checked by {@link validate}.
 *
 * Throws BadRequest in the words of Kubernetes when a type is wrong, the object is of another kind, or, under
 * `Strict`, when a field is unknown or given twice.
 */
export function decode<T extends KubeObject>(
  kind: KindInfo<T>,
  body: unknown,
  options: DecodeOptions = {},
): Decoded<T> {
  const { apiVersion = kind.apiVersion, kind: given = kind.kind } = (body ?? {}) as Record<string, unknown>;
  const cannot = `${String(given)} in version ${JSON.stringify(versionOf(apiVersion))} cannot be handled as a ${kind.kind}`;
  if (given !== kind.kind) throw badRequest(`${cannot}: the object is of another kind`);
  if (apiVersion !== kind.apiVersion) {
    const versions = `(${String(apiVersion)}) does not match the expected API version (${kind.apiVersion})`;
    throw badRequest(`the API version in the data ${versions}`);
  }
  const decoded = read(kind.schema, body, options, cannot);
  decoded.object.apiVersion = kind.apiVersion;
  decoded.object.kind = kind.kind;
  return decoded;
}

/** The same for documents that are no stored objects, such as DeleteOptions. An absent body is an empty one. */
export function decodeOptions<T extends object>(
  schema: SchemaClass<T>,
  body: unknown,
  options: DecodeOptions = {},
): Decoded<T> {
  const name = schemaName(schema);
  return read(schema, body ?? {}, options, `${name} in version "v1" cannot be handled as a ${name}`);
}

function read<T>(schema: SchemaClass<T>, body: unknown, options: DecodeOptions, cannot: string): Decoded<T> {
  const findings = new Findings();
  const object = objectReader(schema)(body, findings) as T;
  const duplicates = options.duplicates ?? [];
  if (findings.found.length === 0 && duplicates.length === 0) return { object, warnings: [] };

  const error = findings.firstError();
  if (error !== undefined) throw badRequest(`${cannot}: ${error}`);
  const { fieldValidation = 'Warn' } = options;
  if (fieldValidation === 'Ignore') return { object, warnings: [] };
  const problems = [...findings.unknownFields(), ...duplicates.map((field) => `duplicate field "${field}"`)];
  if (fieldValidation === 'Strict') throw badRequest(`${cannot}: strict decoding error: ${problems.join(', ')}`);
  return { object, warnings: problems };
}

function versionOf(apiVersion: unknown): string {
  return String(apiVersion).split('/').pop()!;
}
