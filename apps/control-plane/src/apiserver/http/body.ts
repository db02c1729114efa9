import { parseDocument } from 'yaml';
import { type ParsedJson, type PatchType, badRequest, parseJson, unsupportedMediaType } from '@gantry/api';
import { decodeProtobuf } from './protobuf/decode-protobuf';

/** Largest request body in bytes; the same limit Kubernetes sets. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;
// Deeper than any kind is; keeps recursive code on the body from exhausting the stack.
const MAX_DEPTH = 250;
// Aliases multiply: a few hundred bytes of YAML can otherwise stand for gigabytes.
const MAX_YAML_ALIASES = 100;

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

const PATCH_TYPES: Record<string, PatchType> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

export function readPatchType(contentType: string | undefined): PatchType {
  const type = PATCH_TYPES[mediaType(contentType)];
  if (!type) throw unsupportedMediaType(Object.keys(PATCH_TYPES));
  return type;
}

/**
 * The JSON value of a request body with the fields its text gave twice, or undefined when the body is empty.
 * Throws BadRequest or UnsupportedMediaType.
 */
export function readBody(bytes: Buffer, contentType: string | undefined): ParsedJson | undefined {
  if (bytes.length === 0) return undefined;
  const parsed = parse(bytes, mediaType(contentType));
  checkDepth(parsed.value, 1);
  return parsed;
}

function parse(bytes: Buffer, type: string): ParsedJson {
  if (type === PROTOBUF) return { value: decodeProtobuf(bytes), duplicates: [] };
  const text = readUtf8(bytes);
  return isYaml(type) ? { value: readYaml(text), duplicates: [] } : readJson(text, type);
}

function mediaType(contentType = 'application/json'): string {
  return contentType.split(';')[0]!.trim().toLowerCase();
}

function isYaml(type: string): boolean {
  return type === 'application/yaml' || type === 'application/apply-patch+yaml';
}

function readUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw badRequest('the body of the request is not valid UTF-8', error);
  }
}

function readJson(text: string, type: string): ParsedJson {
  if (type !== '' && type !== 'application/json' && !type.endsWith('+json')) {
    throw unsupportedMediaType(['application/json', 'application/yaml']);
  }
  try {
    return parseJson(text);
  } catch (error) {
    throw badRequest(`couldn't parse the body as JSON: ${(error as Error).message}`, error);
  }
}

function readYaml(text: string): unknown {
  try {
    const document = parseDocument(text, { uniqueKeys: true, merge: true });
    if (document.errors[0]) throw document.errors[0];
    return document.toJS({ maxAliasCount: MAX_YAML_ALIASES });
  } catch (error) {
    throw badRequest(`error converting YAML to JSON: ${(error as Error).message}`, error);
  }
}

function checkDepth(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) throw badRequest(`the body is nested deeper than ${MAX_DEPTH} levels`);
  for (const child of Object.values(value)) checkDepth(child, depth + 1);
}
