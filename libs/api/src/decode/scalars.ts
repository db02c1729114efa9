import type { FieldType, IntegerType } from '../fields';
import { canonicalQuantity } from '../quantity';
import { errorMessage } from '@gantry/base';
import type { Findings } from './findings';

/** Turns a value from a client into what is stored, or reports why it can't and returns undefined. Never sees null. */
export type Reader = (value: unknown, findings: Findings) => unknown;

export type ScalarType = Exclude<FieldType, { is: 'object' | 'list' | 'map' }>;

export function scalarReader(type: ScalarType): Reader {
  return type.is === 'integer' ? readInteger(type) : readers[type.is];
}

/** What Go makes of null where a value must be: the zero value. */
export function zeroValue(type: FieldType): unknown {
  switch (type.is) {
    case 'integer':
    case 'number':
    case 'intOrString':
      return 0;
    case 'boolean':
      return false;
    case 'quantity':
      return '0';
    case 'any':
    case 'time':
    case 'microTime':
      return null;
    case 'object':
    case 'map':
      return {};
    case 'list':
      return [];
    case 'string':
    case 'bytes':
    case 'duration':
      return '';
  }
}

const readers: Record<Exclude<ScalarType['is'], 'integer'>, Reader> = {
  string: (value, findings) => (typeof value === 'string' ? value : findings.mismatch(value, 'string')),
  number: (value, findings) => (typeof value === 'number' ? value : findings.mismatch(value, 'float64')),
  boolean: (value, findings) => (typeof value === 'boolean' ? value : findings.mismatch(value, 'bool')),
  any: (value) => value,
  intOrString: (value, findings) => (typeof value === 'string' ? value : readPort(value, findings)),
  quantity: readQuantity,
  time: (value, findings) => readTime(value, findings, toSeconds),
  microTime: (value, findings) => readTime(value, findings, toMicroseconds),
  duration: readDuration,
  bytes: readBytes,
};

const readPort = readInteger({ is: 'integer', bits: 32 });

function readInteger({ bits }: IntegerType): Reader {
  const limit = 2 ** (bits - 1);
  const wanted = `int${bits}`;
  return (value, findings) =>
    Number.isInteger(value) && (value as number) < limit && (value as number) >= -limit
      ? value
      : findings.mismatch(value, wanted);
}

function readQuantity(value: unknown, findings: Findings): unknown {
  try {
    return canonicalQuantity(typeof value === 'number' ? value : String(value).trim());
  } catch (error) {
    return findings.malformed(errorMessage(error));
  }
}

const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

function readTime(value: unknown, findings: Findings, format: (millis: number, fraction: string) => string): unknown {
  if (typeof value !== 'string') return findings.mismatch(value, 'string');
  const match = RFC3339.exec(value);
  const millis = match ? Date.parse(`${match[1]!}${match[3]!}`) : NaN;
  if (Number.isNaN(millis)) {
    return findings.malformed(`parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse it`);
  }
  return format(millis, match![2] ?? '');
}

function toSeconds(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19)}Z`;
}

function toMicroseconds(millis: number, fraction: string): string {
  return `${new Date(millis).toISOString().slice(0, 19)}.${fraction.padEnd(6, '0').slice(0, 6)}Z`;
}

const GO_DURATION = /^[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/;

function readDuration(value: unknown, findings: Findings): unknown {
  if (typeof value !== 'string') return findings.mismatch(value, 'string');
  return GO_DURATION.test(value) ? value : findings.malformed(`time: invalid duration ${JSON.stringify(value)}`);
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function readBytes(value: unknown, findings: Findings): unknown {
  if (typeof value !== 'string') return findings.mismatch(value, '[]uint8');
  const text = value.includes('\n') ? value.replace(/[\r\n]/g, '') : value;
  if (text.length % 4 === 0 && BASE64.test(text)) return text;
  const bad = text.search(/[^A-Za-z0-9+/]/);
  return findings.malformed(`illegal base64 data at input byte ${bad < 0 ? text.length - (text.length % 4) : bad}`);
}
