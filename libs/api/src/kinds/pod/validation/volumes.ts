import { duplicate, fieldPath, forbiddenField, invalidValue, notSupported, required } from '../../../errors';
import type { FieldError } from '../../../errors';
import { isConfigKey } from '../../../names';
import { Quantity } from '../../../quantity';
import type { DownwardAPIVolumeFile, KeyToPath } from '../key-selectors';
import type { VolumeProjection } from '../projected-volume';
import type { Volume } from '../volume';
import { checkResource, checkVolumeField } from './env';
import { checkOneOf } from './one-of';
import { checkFilePath, checkMode } from './paths';

const HOST_PATH_TYPES = [
  '',
  'DirectoryOrCreate',
  'Directory',
  'FileOrCreate',
  'File',
  'Socket',
  'CharDevice',
  'BlockDevice',
];
const MANY = { many: 'may not specify more than 1 volume type' };

export function checkVolumes(volumes: Volume[], path: string): FieldError[] {
  const names = new Set<string>();
  return volumes.flatMap((volume, i) => {
    const at = fieldPath(path, i);
    const { name, ...sources } = volume;
    const errors = names.has(name) ? [duplicate(fieldPath(at, 'name'), name)] : [];
    names.add(name);
    return [...errors, ...checkOneOf(sources, Object.keys(sources), at, MANY), ...checkSources(volume, at)];
  });
}

function checkSources(volume: Volume, at: string): FieldError[] {
  const { hostPath, emptyDir, configMap, secret, downwardAPI, projected } = volume;
  const errors: FieldError[] = [];
  if (hostPath && !HOST_PATH_TYPES.includes(hostPath.type)) {
    errors.push(notSupported(fieldPath(at, 'hostPath', 'type'), hostPath.type, HOST_PATH_TYPES));
  }
  if (hostPath?.path.split('/').includes('..')) {
    errors.push(invalidValue(fieldPath(at, 'hostPath', 'path'), hostPath.path, "must not contain '..'"));
  }
  if (emptyDir?.sizeLimit && Quantity.parse(emptyDir.sizeLimit).sign() < 0) {
    errors.push(
      forbiddenField(fieldPath(at, 'emptyDir', 'sizeLimit'), 'SizeLimit field must be a valid resource quantity'),
    );
  }
  if (configMap) errors.push(...checkKeys(configMap, configMap.name, 'name', fieldPath(at, 'configMap')));
  if (secret) errors.push(...checkKeys(secret, secret.secretName, 'secretName', fieldPath(at, 'secret')));
  if (downwardAPI) errors.push(...checkFacts(downwardAPI, fieldPath(at, 'downwardAPI')));
  if (projected) errors.push(...checkProjected(projected, fieldPath(at, 'projected')));
  return errors;
}

interface KeysAsFiles {
  items?: KeyToPath[];
  defaultMode?: number;
}

function checkKeys(
  { items = [], defaultMode }: KeysAsFiles,
  name: string | undefined,
  nameField: string,
  at: string,
): FieldError[] {
  return [
    ...(name ? [] : [required(fieldPath(at, nameField))]),
    ...checkMode(defaultMode, fieldPath(at, 'defaultMode')),
    ...items.flatMap(({ key, path }, i) => {
      const item = fieldPath(at, 'items', i);
      return [
        ...isConfigKey(key).map((reason) => invalidValue(fieldPath(item, 'key'), key, reason)),
        ...checkFilePath(path, fieldPath(item, 'path')),
      ];
    }),
  ];
}

function checkFacts(
  { items = [], defaultMode }: { items?: DownwardAPIVolumeFile[]; defaultMode?: number },
  at: string,
): FieldError[] {
  return [
    ...checkMode(defaultMode, fieldPath(at, 'defaultMode')),
    ...items.flatMap((item, i) => checkFact(item, fieldPath(at, 'items', i))),
  ];
}

function checkFact({ path, mode, fieldRef, resourceFieldRef }: DownwardAPIVolumeFile, at: string): FieldError[] {
  const errors = [...checkFilePath(path, fieldPath(at, 'path')), ...checkMode(mode, fieldPath(at, 'mode'))];
  if (fieldRef && resourceFieldRef) {
    return [
      ...errors,
      invalidValue(at, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'),
    ];
  }
  if (fieldRef) return [...errors, ...checkVolumeField(fieldRef, fieldPath(at, 'fieldRef', 'fieldPath'))];
  if (!resourceFieldRef) return [...errors, required(at, 'one of fieldRef and resourceFieldRef is required')];
  const reference = fieldPath(at, 'resourceFieldRef');
  if (!resourceFieldRef.containerName) errors.push(required(fieldPath(reference, 'containerName')));
  return [...errors, ...checkResource(resourceFieldRef, reference)];
}

function checkProjected(
  { sources = [], defaultMode }: { sources?: VolumeProjection[]; defaultMode?: number },
  at: string,
): FieldError[] {
  const errors = checkMode(defaultMode, fieldPath(at, 'defaultMode'));
  const paths = new Set<string>();
  for (const [i, source] of sources.entries()) {
    const item = fieldPath(at, 'sources', i);
    errors.push(...checkOneOf(source, Object.keys(source), item, MANY), ...checkProjection(source, item));
    for (const path of pathsOf(source)) {
      if (paths.has(path)) errors.push(invalidValue(item, path, 'conflicting duplicate paths'));
      paths.add(path);
    }
  }
  return errors;
}

function checkProjection(
  { configMap, secret, downwardAPI, serviceAccountToken }: VolumeProjection,
  at: string,
): FieldError[] {
  if (configMap) return checkKeys(configMap, configMap.name, 'name', fieldPath(at, 'configMap'));
  if (secret) return checkKeys(secret, secret.name, 'name', fieldPath(at, 'secret'));
  if (downwardAPI) return checkFacts(downwardAPI, fieldPath(at, 'downwardAPI'));
  if (!serviceAccountToken) return [];
  const token = fieldPath(at, 'serviceAccountToken');
  const errors = checkFilePath(serviceAccountToken.path, fieldPath(token, 'path'));
  if (serviceAccountToken.expirationSeconds >= 600) return errors;
  const words = 'may not specify a duration less than 10 minutes';
  return [...errors, invalidValue(fieldPath(token, 'expirationSeconds'), serviceAccountToken.expirationSeconds, words)];
}

function pathsOf({ configMap, secret, downwardAPI, serviceAccountToken }: VolumeProjection): string[] {
  const items = [...(configMap?.items ?? []), ...(secret?.items ?? []), ...(downwardAPI?.items ?? [])];
  return [...items.map(({ path }) => path), ...(serviceAccountToken ? [serviceAccountToken.path] : [])];
}
