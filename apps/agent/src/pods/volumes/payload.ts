import type { DownwardAPIVolumeFile, KeyToPath, Volume, VolumeProjection } from '@gantry/api';
import type { PodReferences } from '../spec/environment';
import { fieldValue, resourceValue, type PodFacts } from '../spec/field-ref';

/** The files of a volume made from API objects, by path within the volume. */
export type Payload = Map<string, PayloadFile>;

export interface PayloadFile {
  data: Buffer;
  mode: number;
}

const DEFAULT_MODE = 0o644;

/** The files of a configMap, secret, downwardAPI or projected volume; undefined for other kinds. Throws what is missing. */
export function volumePayload(volume: Volume, facts: PodFacts, references: PodReferences): Payload | undefined {
  const files: Payload = new Map();
  if (volume.configMap) {
    addConfigMap(files, volume.configMap, volume.configMap.defaultMode ?? DEFAULT_MODE, references);
  } else if (volume.secret) {
    const { secretName: name, items, optional, defaultMode } = volume.secret;
    addSecret(files, { name, items, optional }, defaultMode ?? DEFAULT_MODE, references);
  } else if (volume.downwardAPI) {
    addFields(files, volume.downwardAPI.items ?? [], volume.downwardAPI.defaultMode ?? DEFAULT_MODE, facts);
  } else if (volume.projected) {
    for (const source of volume.projected.sources ?? []) {
      addProjection(files, source, volume.projected.defaultMode ?? DEFAULT_MODE, facts, references);
    }
  } else return undefined;
  return files;
}

interface ObjectSource {
  name?: string;
  items?: KeyToPath[];
  optional?: boolean;
}

function addProjection(
  files: Payload,
  source: VolumeProjection,
  mode: number,
  facts: PodFacts,
  references: PodReferences,
): void {
  if (source.configMap) addConfigMap(files, source.configMap, mode, references);
  else if (source.secret) addSecret(files, source.secret, mode, references);
  else if (source.downwardAPI) addFields(files, source.downwardAPI.items ?? [], mode, facts);
  else throw new Error(`projected volumes of ${Object.keys(source).join(', ')} are not supported by this node`);
}

function addConfigMap(files: Payload, source: ObjectSource, mode: number, references: PodReferences): void {
  const configMap = references.configMap(source.name!);
  if (!configMap && !source.optional) throw new Error(`configmap "${source.name}" not found`);
  const entries = new Map<string, Buffer>();
  for (const [key, text] of Object.entries(configMap?.data ?? {})) entries.set(key, Buffer.from(text));
  for (const [key, base64] of Object.entries(configMap?.binaryData ?? {}))
    entries.set(key, Buffer.from(base64, 'base64'));
  addEntries(files, entries, source, mode, 'configmap');
}

function addSecret(files: Payload, source: ObjectSource, mode: number, references: PodReferences): void {
  const secret = references.secret(source.name!);
  if (!secret && !source.optional) throw new Error(`secret "${source.name}" not found`);
  const entries = new Map<string, Buffer>();
  for (const [key, base64] of Object.entries(secret?.data ?? {})) entries.set(key, Buffer.from(base64, 'base64'));
  addEntries(files, entries, source, mode, 'secret');
}

function addEntries(
  files: Payload,
  entries: Map<string, Buffer>,
  { items, optional }: ObjectSource,
  mode: number,
  kind: string,
): void {
  if (!items) {
    for (const [key, data] of entries) files.set(key, { data, mode });
    return;
  }
  for (const item of items) {
    const data = entries.get(item.key);
    if (data) files.set(item.path, { data, mode: item.mode ?? mode });
    else if (!optional) throw new Error(`references non-existent ${kind} key: ${item.key}`);
  }
}

function addFields(files: Payload, items: DownwardAPIVolumeFile[], mode: number, facts: PodFacts): void {
  const containers = [...(facts.pod.spec.initContainers ?? []), ...facts.pod.spec.containers];
  for (const { path, fieldRef, resourceFieldRef, mode: own } of items) {
    const value = fieldRef ? fieldValue(fieldRef, facts) : resourceValue(resourceFieldRef!, containers, facts.node);
    files.set(path, { data: Buffer.from(value), mode: own ?? mode });
  }
}
