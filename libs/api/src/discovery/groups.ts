import type { KindInfo, KindRegistry } from '../kind';

/** The versions of one group, the preferred one first, each with its kinds. */
export interface GroupOfKinds {
  name: string;
  versions: { version: string; kinds: KindInfo[] }[];
}

/** The registry by groups, core first, the others in the order in which they were registered. */
export function groupsOf(registry: KindRegistry): GroupOfKinds[] {
  const groups = new Map<string, Map<string, KindInfo[]>>([['', new Map()]]);
  for (const kind of registry.all()) {
    const versions = groups.get(kind.group) ?? new Map<string, KindInfo[]>();
    groups.set(kind.group, versions.set(kind.version, [...(versions.get(kind.version) ?? []), kind]));
  }
  return [...groups].map(([name, versions]) => ({
    name,
    versions: [...versions]
      .map(([version, kinds]) => ({ version, kinds }))
      .sort((a, b) => compareVersions(a.version, b.version)),
  }));
}

const KUBE_VERSION = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const STAGES = [undefined, 'beta', 'alpha'];

/**
 * Orders versions as Kubernetes prefers them: stable before beta before alpha, later before earlier, and what does
 * not look like a version last (apimachinery `version.CompareKubeAwareVersionStrings`, reversed).
 */
export function compareVersions(a: string, b: string): number {
  const left = KUBE_VERSION.exec(a);
  const right = KUBE_VERSION.exec(b);
  if (!left || !right) return left ? -1 : right ? 1 : a.localeCompare(b);
  const stages = STAGES.indexOf(left[2]) - STAGES.indexOf(right[2]);
  return stages || Number(right[1]) - Number(left[1]) || Number(right[3] ?? 0) - Number(left[3] ?? 0);
}

/** The path below which a group and version is served: `api/v1`, `apis/apps/v1`. */
export function groupVersionPath(group: string, version: string): string {
  return group ? `apis/${group}/${version}` : `api/${version}`;
}

export function groupVersion(group: string, version: string): string {
  return group ? `${group}/${version}` : version;
}
