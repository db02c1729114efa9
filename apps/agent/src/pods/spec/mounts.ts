import type { Container, Pod, VolumeMount } from '@gantry/api';
import type { Mount } from '@gantry/runtime';
import { isAbsolute } from 'node:path';
import { pinSubPath } from '../volumes/sub-path';
import type { MountTable } from '../volumes/mount-table';
import type { PodVolumes } from '../volumes/pod-volumes';
import type { PodPaths } from '../pod-paths';
import { ContainerConfigError } from './environment';
import { expand } from './expansion';

export interface MountsInput {
  pod: Pod;
  container: Container;
  restartCount: number;
  variables: ReadonlyMap<string, string>;
}

/** Makes the list of mounts of a container: its volumes, and the files that every container of a pod has. */
export class ContainerMounts {
  constructor(
    private readonly paths: PodPaths,
    private readonly volumes: PodVolumes,
    private readonly table: MountTable,
  ) {}

  async of(input: MountsInput): Promise<Mount[]> {
    const mounts = this.podFiles(input);
    for (const [index, mount] of (input.container.volumeMounts ?? []).entries()) {
      mounts.push(await this.volume(input, mount, index));
    }
    return mounts;
  }

  private podFiles({ pod, container, restartCount }: MountsInput): Mount[] {
    const uid = pod.metadata.uid;
    const files: [string, string][] = [
      [this.paths.hosts(uid), '/etc/hosts'],
      [this.paths.hostname(uid), '/etc/hostname'],
      [this.paths.resolvConf(uid), '/etc/resolv.conf'],
      [
        this.paths.terminationMessage(uid, container.name, restartCount),
        container.terminationMessagePath ?? '/dev/termination-log',
      ],
    ];
    // A container that mounts something there itself means it.
    const own = new Set((container.volumeMounts ?? []).map((mount) => mount.mountPath));
    return files.filter(([, target]) => !own.has(target)).map(([source, target]) => ({ type: 'bind', source, target }));
  }

  private async volume(input: MountsInput, mount: VolumeMount, index: number): Promise<Mount> {
    const { pod, container } = input;
    const volume = pod.spec.volumes?.find(({ name }) => name === mount.name);
    if (!volume)
      throw new ContainerConfigError(`cannot find volume "${mount.name}" to mount into container "${container.name}"`);
    const root = this.volumes.source(pod, volume);
    const subPath = mount.subPathExpr ? expandSubPath(mount.subPathExpr, input.variables) : mount.subPath;
    const source = subPath ? this.paths.subPath(pod.metadata.uid, volume.name, container.name, index) : root;
    if (subPath) await pinSubPath(root, subPath, source, this.table);
    return {
      type: 'bind',
      source,
      target: isAbsolute(mount.mountPath) ? mount.mountPath : `/${mount.mountPath}`,
      readOnly: mount.readOnly ?? false,
      propagation: propagation(mount.mountPropagation),
    };
  }
}

function expandSubPath(text: string, variables: ReadonlyMap<string, string>): string {
  const missing: string[] = [];
  const path = expand(text, (name) => variables.get(name) ?? (missing.push(name), undefined));
  if (missing.length > 0)
    throw new ContainerConfigError(`missing value for ${missing.map((m) => `"${m}"`).join(', ')}`);
  return path;
}

function propagation(mode: string | undefined): Mount['propagation'] {
  if (mode === 'HostToContainer') return 'rslave';
  return mode === 'Bidirectional' ? 'rshared' : 'private';
}
