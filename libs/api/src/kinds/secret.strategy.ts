import { fieldPath, immutableField, invalidValue, required, tooLong } from '../errors';
import type { FieldError } from '../errors';
import type { Strategy } from '../kind';
import { checkFrozen, checkKeys, DATA_LIMIT, decodedBytes } from './config-map.strategy';
import type { Secret } from './secret';

const ACCOUNT_NAME = 'kubernetes.io/service-account.name';

/** Keys that a secret of a type must have; of basic-auth one is enough. */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
};

export const secretStrategy: Strategy<Secret> = {
  applyDefaults(secret) {
    if (!secret.stringData) return;
    const texts = Object.entries(secret.stringData);
    const encoded = texts.map(([key, text]) => [key, Buffer.from(text).toString('base64')] as const);
    secret.data = { ...secret.data, ...Object.fromEntries(encoded) };
    delete secret.stringData;
  },

  validate(secret) {
    const { data = {} } = secret;
    const size = decodedBytes(data) > DATA_LIMIT ? [tooLong('data', DATA_LIMIT)] : [];
    return [...checkKeys(data, 'data'), ...size, ...checkType(secret)];
  },

  validateUpdate(secret, old) {
    const type = secret.type === old.type ? [] : [immutableField('type', secret.type)];
    return [...type, ...checkFrozen(secret, old, ['data'])];
  },
};

function checkType({ type, data = {}, metadata }: Secret): FieldError[] {
  const missing = (requiredKeys[type] ?? [])
    .filter((key) => !Object.hasOwn(data, key))
    .map((key) => required(fieldPath('data', [key])));
  if (missing.length > 0) return missing;
  switch (type) {
    case 'kubernetes.io/dockercfg':
      return checkJson(data, '.dockercfg');
    case 'kubernetes.io/dockerconfigjson':
      return checkJson(data, '.dockerconfigjson');
    case 'kubernetes.io/basic-auth':
      if (data.username !== undefined || data.password !== undefined) return [];
      return [required('data[username]'), required('data[password]')];
    case 'kubernetes.io/service-account-token':
      return metadata.annotations?.[ACCOUNT_NAME] ? [] : [required(`metadata.annotations[${ACCOUNT_NAME}]`)];
    default:
      return [];
  }
}

function checkJson(data: Record<string, string>, key: string): FieldError[] {
  try {
    JSON.parse(Buffer.from(data[key]!, 'base64').toString());
    return [];
  } catch {
    // The parser's own words would show parts of the secret.
    return [invalidValue(fieldPath('data', [key]), '<secret contents redacted>', 'must be valid JSON')];
  }
}
