import { chmod, chown, mkdir, rm } from 'node:fs/promises';
import { unitValue } from '@gantry/api';
import type { EmptyDirVolumeSource, Pod, Volume } from '@gantry/api';
import type { PodPaths } from '../pod-paths';
import type { PodReferences } from '../spec/environment';
import type { PodFacts } from '../spec/field-ref';
import { writePayload } from './atomic-writer';
import { checkHostPath } from './host-path';
import type { MountTable } from './mount-table';
import { volumePayload } from './payload';

/** A volume that could not be set up; the message is that of kubelet's FailedMount event. */
export class MountFailed extends Error {
  override name = 'MountFailed';
  constructor(volume: string, cause: unknown) {
    super(`MountVolume.SetUp failed for volume "${volume}"`, { cause });
  }
}

/** The volumes of pods as folders of the node, ready to be bind-mounted into containers. */
export class PodVolumes {
  constructor(
    private readonly paths: PodPaths,
    private readonly mounts: MountTable,
  ) {}

  /** Makes every volume of the pod ready, or brings it up to date; may be repeated. Throws {@link MountFailed}. */
  async mount(facts: PodFacts, references: PodReferences): Promise<void> {
    for (const volume of facts.pod.spec.volumes ?? []) {
      try {
        await this.mountOne(volume, facts, references);
      } catch (error) {
        throw new MountFailed(volume.name, error);
      }
    }
  }

  /** Where a volume of the pod is on the node. */
  source(pod: Pod, volume: Volume): string {
    if (volume.hostPath) return volume.hostPath.path;
    if (volume.emptyDir) return this.paths.emptyDir(pod.metadata.uid, volume.name);
    return this.paths.payload(pod.metadata.uid, volume.name);
  }

  /** Removes all that the pod has on the node's disks. Refuses to delete through a mount that does not go away. */
  async unmount(podUid: string): Promise<void> {
    for (const folder of [this.paths.pod(podUid), this.paths.memoryPod(podUid)]) {
      for (const point of await this.mounts.below(folder)) await this.mounts.unmount(point);
      const left = await this.mounts.below(folder);
      if (left.length > 0) throw new Error(`still mounted: ${left.join(', ')}`);
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async mountOne(volume: Volume, facts: PodFacts, references: PodReferences): Promise<void> {
    const { pod } = facts;
    const group = pod.spec.securityContext?.fsGroup;
    if (volume.hostPath) return checkHostPath(volume.hostPath);
    if (volume.emptyDir) return this.mountEmptyDir(this.source(pod, volume), volume.emptyDir, group);
    const payload = volumePayload(volume, facts, references);
    if (!payload) throw new Error(`volumes of kind ${volumeKind(volume)} are not supported by this node`);
    await writePayload(this.source(pod, volume), payload, group);
  }

  private async mountEmptyDir(
    folder: string,
    { medium, sizeLimit }: EmptyDirVolumeSource,
    group?: number,
  ): Promise<void> {
    await mkdir(folder, { recursive: true });
    if (medium === 'Memory' && !(await this.mounts.isMountPoint(folder))) {
      await this.mounts.tmpfs(folder, { sizeBytes: unitValue(sizeLimit) });
    }
    // The group's bit makes what containers write there the group's too.
    if (group !== undefined) await chown(folder, 0, group);
    await chmod(folder, group === undefined ? 0o777 : 0o2777);
  }
}

const volumeKind = (volume: Volume): string =>
  Object.keys(volume)
    .filter((key) => key !== 'name')
    .join(', ');
