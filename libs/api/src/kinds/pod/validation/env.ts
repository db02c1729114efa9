import { fieldPath, invalidValue, notSupported, required } from '../../../errors';
import type { FieldError } from '../../../errors';
import { isConfigKey } from '../../../names';
import type { Container } from '../container';
import type { EnvVar, EnvVarSource } from '../env';
import type { ObjectFieldSelector, ResourceFieldSelector } from '../key-selectors';

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'] as const;
const ENV_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const VOLUME_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'metadata.labels',
  'metadata.annotations',
];
const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'].flatMap((name) => [`limits.${name}`, `requests.${name}`]);
const ENTRY = /^metadata\.(labels|annotations)\['.+'\]$/;

export function checkEnv({ env = [], envFrom = [] }: Container, path: string): FieldError[] {
  const variables = env.flatMap((variable, i) => checkVariable(variable, fieldPath(path, 'env', i)));
  const sources = envFrom.flatMap(({ configMapRef, secretRef }, i) => {
    const at = fieldPath(path, 'envFrom', i);
    if (configMapRef && secretRef)
      return [invalidValue(at, '', 'may not have more than one field specified at a time')];
    const reference = configMapRef ?? secretRef;
    if (!reference) return [invalidValue(at, '', 'must specify one of: `configMapRef` or `secretRef`')];
    return reference.name ? [] : [required(fieldPath(at, configMapRef ? 'configMapRef' : 'secretRef', 'name'))];
  });
  return [...variables, ...sources];
}

function checkVariable({ value, valueFrom }: EnvVar, path: string): FieldError[] {
  if (!valueFrom) return [];
  const at = fieldPath(path, 'valueFrom');
  if (value) return [invalidValue(at, '', 'may not be specified when `value` is not empty')];
  const set = SOURCES.filter((name) => valueFrom[name] !== undefined);
  if (set.length === 0) {
    const choices = SOURCES.map((name) => `\`${name}\``);
    const words = `must specify one of: ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)!}`;
    return [invalidValue(at, '', words)];
  }
  if (set.length > 1) return [invalidValue(at, '', 'may not have more than one field specified at a time')];
  return checkSource(valueFrom, at);
}

function checkSource(
  { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef }: EnvVarSource,
  path: string,
): FieldError[] {
  if (fieldRef) return checkEnvField(fieldRef, fieldPath(path, 'fieldRef', 'fieldPath'));
  if (resourceFieldRef) return checkResource(resourceFieldRef, fieldPath(path, 'resourceFieldRef'));
  const reference = configMapKeyRef ?? secretKeyRef;
  if (!reference) return [];
  const at = fieldPath(path, configMapKeyRef ? 'configMapKeyRef' : 'secretKeyRef');
  return [
    ...(reference.name ? [] : [required(fieldPath(at, 'name'))]),
    ...isConfigKey(reference.key).map((reason) => invalidValue(fieldPath(at, 'key'), reference.key, reason)),
  ];
}

function checkEnvField({ fieldPath: wanted }: ObjectFieldSelector, field: string): FieldError[] {
  return ENTRY.test(wanted) || ENV_FIELDS.includes(wanted) ? [] : [notSupported(field, wanted, ENV_FIELDS)];
}

/** A field of the pod that appears as a file: labels and annotations as a whole too. */
export function checkVolumeField({ fieldPath: wanted }: ObjectFieldSelector, field: string): FieldError[] {
  return ENTRY.test(wanted) || VOLUME_FIELDS.includes(wanted) ? [] : [notSupported(field, wanted, VOLUME_FIELDS)];
}

export function checkResource({ resource }: ResourceFieldSelector, path: string): FieldError[] {
  const isKnown = RESOURCES.includes(resource) || /^(limits|requests)\.hugepages-/.test(resource);
  return isKnown ? [] : [notSupported(fieldPath(path, 'resource'), resource, RESOURCES)];
}
