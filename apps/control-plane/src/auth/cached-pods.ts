import type { EnvFromSource, EnvVar, KindInfo, Pod, Volume } from '@gantry/api';
import { resourcePrefix } from '@gantry/store';
import type { ResourceCaches } from '../apiserver/storage/resource-caches';
import type { PodIndex, PodReferences } from './node-authorizer';

/** The apiserver's cache of pods, as the node authorizer needs it. */
export class CachedPods implements PodIndex {
  constructor(
    private readonly caches: ResourceCaches,
    private readonly kind: KindInfo,
  ) {}

  async nodeOf(namespace: string, name: string): Promise<string | undefined> {
    await this.caches.of(this.kind);
    return (this.caches.peek(this.kind, namespace, name) as Pod | undefined)?.spec.nodeName;
  }

  async onNode(nodeName: string, namespace: string): Promise<PodReferences[]> {
    const cache = await this.caches.of(this.kind);
    const pods = cache.list(resourcePrefix(this.kind.group, this.kind.plural, namespace)) as Pod[];
    return pods.filter((pod) => pod.spec.nodeName === nodeName).map(referencesOf);
  }
}

/** The secrets and config maps a pod names anywhere. */
export function referencesOf({ spec }: Pod): PodReferences {
  const references: PodReferences = { secrets: new Set(), configMaps: new Set() };
  for (const { name } of spec.imagePullSecrets ?? []) add(references.secrets, name);
  for (const volume of spec.volumes ?? []) addVolume(references, volume);
  const containers = [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
  for (const { env = [], envFrom = [] } of containers) addEnvironment(references, env, envFrom);
  return references;
}

function addVolume({ secrets, configMaps }: PodReferences, volume: Volume): void {
  add(secrets, volume.secret?.secretName);
  add(configMaps, volume.configMap?.name);
  for (const source of volume.projected?.sources ?? []) {
    add(secrets, source.secret?.name);
    add(configMaps, source.configMap?.name);
  }
}

function addEnvironment({ secrets, configMaps }: PodReferences, env: EnvVar[], envFrom: EnvFromSource[]): void {
  for (const { valueFrom } of env) {
    add(secrets, valueFrom?.secretKeyRef?.name);
    add(configMaps, valueFrom?.configMapKeyRef?.name);
  }
  for (const source of envFrom) {
    add(secrets, source.secretRef?.name);
    add(configMaps, source.configMapRef?.name);
  }
}

function add(names: Set<string>, name: string | undefined): void {
  if (name) names.add(name);
}
