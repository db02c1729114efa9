import { badRequest, unsupportedMediaType } from '@gantry/api';
import fieldNumbers from './field-numbers.json';
import { wireFields } from './wire';

/** By message: the field of each number as `name type`, the type with `list`, `map` or `embedded` before it. */
const messages: Readonly<Record<string, Readonly<Record<string, string>>>> = fieldNumbers;

// Kubernetes' envelope: these bytes, then a message that names the kind and holds the object.
const MAGIC = Buffer.from('k8s\0');

// Go writes fields that are not pointers even when they are zero, which in JSON is the same as leaving them out. Only
// for pointers does zero mean something, and on the wire they look alike.
const ZERO_MEANS_ZERO = new Set([
  'replicas',
  'maxUnavailable',
  'maxSurge',
  'revisionHistoryLimit',
  'gracePeriodSeconds',
  'terminationGracePeriodSeconds',
  'tolerationSeconds',
  'ttlSecondsAfterFinished',
  'priority',
  'mode',
  'defaultMode',
  'runAsUser',
  'runAsGroup',
  'fsGroup',
  'exitCode',
]);

// The other way round for flags: these are no pointers, so false is nothing.
const FALSE_IS_ABSENT = new Set([
  'paused',
  'stdin',
  'stdinOnce',
  'tty',
  'hostIPC',
  'hostNetwork',
  'hostPID',
  'readOnly',
  'publishNotReadyAddresses',
  'unschedulable',
]);

type Json = Record<string, unknown>;

/**
 * The JSON of an object in Kubernetes' protobuf encoding, in which newer kubectls send what they create themselves
 * (`kubectl create deployment`). Throws BadRequest for bytes that are no such object and UnsupportedMediaType for
 * kinds whose encoding is not known.
 */
export function decodeProtobuf(bytes: Buffer): unknown {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC))
    throw badRequest('the body is not in Kubernetes’ protobuf encoding');
  try {
    return readEnvelope(bytes.subarray(MAGIC.length));
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(`couldn't parse the body as protobuf: ${error.message}`, error);
    throw error;
  }
}

function readEnvelope(bytes: Buffer): Json {
  let apiVersion = '';
  let kind = '';
  let object: Buffer = Buffer.alloc(0);
  for (const [number, value] of wireFields(bytes)) {
    if (typeof value === 'number') continue;
    if (number === 2) object = value;
    if (number === 1) {
      for (const [part, name] of wireFields(value)) {
        if (part === 1) apiVersion = String(name);
        if (part === 2) kind = String(name);
      }
    }
  }
  const message = messageOf(apiVersion, kind);
  if (!message) throw unsupportedMediaType(['application/json', 'application/yaml']);
  return { apiVersion, kind, ...readMessage(message, object) };
}

/** `apps/v1` Deployment is `apps.v1.Deployment`; groups lose their domain (`coordination.k8s.io`). */
function messageOf(apiVersion: string, kind: string): string | undefined {
  const [version = '', group = 'core'] = apiVersion.split('/').reverse();
  const name = kind === 'DeleteOptions' ? 'meta.v1.DeleteOptions' : `${group.split('.')[0]!}.${version}.${kind}`;
  return Object.hasOwn(messages, name) ? name : undefined;
}

function readMessage(message: string, bytes: Buffer): Json {
  const object: Json = {};
  const known = messages[message]!;
  for (const [number, value] of wireFields(bytes)) {
    const field = known[number];
    if (field !== undefined) readField(object, field, value);
  }
  return object;
}

function readField(object: Json, field: string, value: number | Buffer): void {
  const [name = '', ...type] = field.split(' ');
  const [shape, inner = ''] = type.length === 2 ? type : ['one', type[0]];
  switch (shape) {
    case 'list':
      ((object[name] ??= []) as unknown[]).push(readValue(inner, value));
      break;
    case 'map':
      readEntry((object[name] ??= {}) as Json, inner, asBytes(value));
      break;
    case 'embedded':
      Object.assign(object, readMessage(inner, asBytes(value)));
      break;
    default: {
      const read = readValue(inner, value);
      if (!isAbsent(name, read)) object[name] = read;
    }
  }
}

function isAbsent(name: string, value: unknown): boolean {
  if (value === 0) return !ZERO_MEANS_ZERO.has(name);
  if (value === false) return FALSE_IS_ABSENT.has(name);
  return value === undefined || value === '';
}

function readEntry(map: Json, type: string, bytes: Buffer): void {
  let key = '';
  let content: number | Buffer = Buffer.alloc(0);
  for (const [number, value] of wireFields(bytes)) {
    if (number === 1) key = String(value);
    else content = value;
  }
  Object.defineProperty(map, key, {
    value: readValue(type, content),
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function readValue(type: string, value: number | Buffer): unknown {
  switch (type) {
    case 'int':
      return Number(value);
    case 'bool':
      return value !== 0;
    case 'string':
      return asBytes(value).toString();
    case 'bytes':
      return asBytes(value).toString('base64');
    case 'resource.Quantity':
      return part(value, 1)?.toString();
    case 'intstr.IntOrString':
      return part(value, 1) ? String(part(value, 3) ?? '') : Number(part(value, 2) ?? 0);
    case 'meta.v1.Time':
      return readTime(value, 0);
    case 'meta.v1.MicroTime':
      return readTime(value, 6);
    case 'meta.v1.FieldsV1':
      return JSON.parse(String(part(value, 1) ?? '{}'));
    default:
      return readMessage(type, asBytes(value));
  }
}

/** RFC 3339 with so many digits of a second; a time of nothing is none. */
function readTime(value: number | Buffer, digits: number): string | undefined {
  const seconds = part(value, 1);
  if (seconds === undefined) return undefined;
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const fraction = String(part(value, 2) ?? 0)
    .padStart(9, '0')
    .slice(0, digits);
  return `${whole}${digits > 0 ? `.${fraction}` : ''}Z`;
}

function part(value: number | Buffer, number: number): number | Buffer | undefined {
  for (const [n, content] of wireFields(asBytes(value))) if (n === number) return content;
  return undefined;
}

function asBytes(value: number | Buffer): Buffer {
  if (typeof value === 'number') throw new RangeError('a number stands where a message belongs');
  return value;
}
